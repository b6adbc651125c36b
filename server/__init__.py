"""jifen: the server of the points programme."""
