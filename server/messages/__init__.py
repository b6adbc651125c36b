"""Messages to households and people: the inbox that everybody has."""
