"""When the shop redeems: days from a rule, their slots, their states, moved and cancelled days."""
