"""What the instance does for itself: sweeping, metrics, readiness. Knows no rule of a village."""
