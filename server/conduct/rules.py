"""The rules of a record: when it is refused, how the panel agrees, who steps aside, which states follow which.

Pure. What an item allows comes from `server/rulebook`; months and weeks are the calendar's; nothing here reads a
clock, a database or a request.
"""
