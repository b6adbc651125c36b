"""A household's own choice: to take part in the programme or not, to be named in public or not."""
