"""The fictional county of the demo, built by running the system itself: imports, records, reviews, votes, cycles."""
