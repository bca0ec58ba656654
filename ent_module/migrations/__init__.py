"""One history of the schema for both databases. Kept apart from a host's own Alembic history."""

from typing import Any


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """For `context.configure(include_name=…)` in a host's `env.py`: without it, autogenerate drops our tables.

    It knows ours by their names, so that a host's own may begin with `ent_` too.
    """
    from ent_module.database import VERSION_TABLE, Base
    from ent_module.migrations.run import load_tables

    load_tables()
    return kind != "table" or name not in {*Base.metadata.tables, VERSION_TABLE}
