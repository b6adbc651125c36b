"""What the village can see about itself: figures, never a judgement of a person. Reads other slices, writes nothing."""
