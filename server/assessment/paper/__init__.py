"""What is printed of an assessment: blank score forms, rankings, registration forms, files, task lists, code slips.

Plain values in, PDF out. No module here reads the database or decides what may be shown: whoever calls has
chosen.
"""
