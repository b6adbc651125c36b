"""What the shop shows of itself: the donation book, the cover of points, suggested purchases."""
