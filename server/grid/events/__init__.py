"""Events: what was reported, who handles it, what the reporter says to that, and how it goes up the tiers."""
