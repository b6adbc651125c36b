"""People and places: divisions, villages, households, members, accounts, roles, invitations, sign-in."""
