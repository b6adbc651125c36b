"""What a village decides about its shop."""
