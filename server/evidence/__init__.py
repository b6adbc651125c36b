"""Photos: what is kept of a picture, where it lies, who may see it."""
