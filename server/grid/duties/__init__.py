"""Two levels, six tiers of duty, as they follow from the roles people hold."""
