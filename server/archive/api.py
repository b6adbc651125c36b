"""What other slices may import of archives: nothing yet; the command line is all that uses them."""
