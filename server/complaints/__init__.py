"""Complaints 意见箱: about a person, a rule or the program, answered one tier above."""
