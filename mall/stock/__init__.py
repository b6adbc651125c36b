"""What lies in the shop: movements, batches, counts; the only place that changes a quantity."""
