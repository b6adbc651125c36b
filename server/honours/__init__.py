"""Honours 年评比: the annual evaluation from nomination to certificate, and recommendation lists by consent."""
