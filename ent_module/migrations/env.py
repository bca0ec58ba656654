"""Alembic's environment: our tables only, in our own version table, on the engine that `run` hands in."""

from alembic import context

from ent_module.database import VERSION_TABLE

config = context.config
engine = config.attributes["engine"].execution_options(rw=True)

with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=config.attributes["metadata"],
        version_table=VERSION_TABLE,
        render_as_batch=True,
        include_name=lambda name, kind, _parents: kind != "table" or (name or "").startswith("ent_"),
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
