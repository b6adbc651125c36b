"""The ledger: entries, postings, household accounts, the hash chain, and the check of it all."""
