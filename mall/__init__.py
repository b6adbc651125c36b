"""The points supermarket 积分超市: goods, stock, funds, exchange days, reservations, redemptions.

Uses the points ledger through its public interface only, and knows nothing about conduct records.
"""
