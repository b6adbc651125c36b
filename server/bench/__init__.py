"""`jifen bench`: how fast the program is, as ratios within one run. Measures on a database of its own, never on a
village's; sends traffic to 127.0.0.1 only.
"""
