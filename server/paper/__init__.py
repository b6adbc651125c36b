"""Paper: what is printed for the door, the wall and the file, as PDF or PNG.

Owns the typeface, the QR symbols and the layout of every printout. It gets plain values and gives bytes
back; it must not read the database, know a request or decide what may be shown: whoever calls has masked and
chosen.
"""
