"""Who gave and what was paid: donors and the fund."""
