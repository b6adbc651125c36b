"""The fictional county of the demo, built by running the system itself."""
