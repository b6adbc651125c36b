"""Alembic migrations, both ways, on both databases."""
