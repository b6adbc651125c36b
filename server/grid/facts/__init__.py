"""The file of a household (一户一册): dated facts, readable as of any day, exported, printed; looks at it."""
