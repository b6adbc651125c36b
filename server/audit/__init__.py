"""The audit log and the decisions: append-only, who did what to what, when, under which grant."""
