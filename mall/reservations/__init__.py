"""Baskets on the phone: points set aside and goods promised, both or neither, ended in exactly one way."""
