"""Households that split, merge, move or end by written agreement."""
