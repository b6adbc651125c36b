"""Insight: whether the programme treats people alike, and what it costs. Hints for people, never penalties."""
