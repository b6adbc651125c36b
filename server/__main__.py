"""`python -m server` is `jifen`."""

from server.cli import main

main()
