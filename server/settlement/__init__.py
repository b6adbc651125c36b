"""The month of a village: tally, vote, notice, objections, posting; base points of the year; ranking."""
