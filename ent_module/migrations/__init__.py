"""One history of the schema for both databases. Kept apart from a host's own Alembic history."""
