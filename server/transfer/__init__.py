"""Data in and out: spreadsheets read safely, rosters understood, archives. Knows no database of its own."""
