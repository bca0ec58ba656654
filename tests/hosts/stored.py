"""A host with tables of its own, by Flask-SQLAlchemy and Alembic, in the database that it gives to the module."""

from pathlib import Path

from alembic.config import Config
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine
from sqlalchemy.orm import Mapped, mapped_column

from ent_module import EntModule
from ent_module.config import Settings

ENV = """
from alembic import context
from ent_module.migrations import include_name

with context.config.attributes["engine"].connect() as connection:
    context.configure(
        connection=connection, target_metadata=context.config.attributes["metadata"], include_name=include_name
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
"""
SCRIPT = """
import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}

def upgrade():
    ${upgrades if upgrades else "pass"}

def downgrade():
    ${downgrades if downgrades else "pass"}
"""


def make(url: str, settings: Settings) -> tuple[Flask, SQLAlchemy]:
    """The host and its database; the module has the same engine."""
    app = Flask("stored_host")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db = SQLAlchemy()

    class Dish(db.Model):  # type: ignore[name-defined,misc]  # made by the extension
        """A table whose name begins as ours do."""

        __tablename__ = "ent_dish"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]

    db.init_app(app)

    @app.get("/dishes")
    def dishes() -> list[str]:
        return list(db.session.scalars(db.select(Dish.name)))

    @app.post("/dishes")
    def cook() -> str:
        db.session.add(Dish(name="soup"))
        db.session.commit()
        return "cooked"

    with app.app_context():
        EntModule().init_app(app, url_prefix="/ent", engine=db.engine, settings=settings)
    return app, db


def alembic(folder: Path, engine: Engine, db: SQLAlchemy) -> Config:
    """The host's own Alembic, as `alembic init` makes it, with our filter in its `env.py`."""
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(ENV)
    (folder / "script.py.mako").write_text(SCRIPT)
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    config.attributes["engine"], config.attributes["metadata"] = engine, db.metadata
    return config
