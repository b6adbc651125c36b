"""Archives: the whole instance as a backup, one village to be taken elsewhere. Knows tables, not what they mean."""
