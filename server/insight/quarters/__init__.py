"""The quarterly summary 季小结: a village's quarter by grid, a township's by village, closed by state."""
