"""An operator who plugs portals in at the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from ent_module.database import make_database
from ent_module.establishments import service as establishments
from ent_module.establishments.model import Kind
from ent_module.sign_in.commands import portal
from tests.conftest import make_schema
from tests.support.town import COLLEGE

LYCEE, ECOLE = "0951099D", "0599001N"


@dataclass(frozen=True)
class Operator:
    """Someone with a database of their own and three schools in it; what `adds` adds unless it is told otherwise."""

    folder: Path
    command: str
    usual: dict[str, str]

    def types(self, *words: str, **settings: str) -> Result:
        """One of the commands about portals."""
        return CliRunner().invoke(portal, words, env={"ENT_DATA_DIR": str(self.folder), **settings})

    def adds(self, settings: dict[str, str] | None = None, /, *more: str, **changed: str) -> Result:
        """The command that registers a portal, with options by their names."""
        options = {**self.usual, **changed}
        words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", value)]
        return self.types(self.command, *words, *more, **(settings or {}))

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """What the commands have left in the database."""
        database = make_database(f"sqlite:///{self.folder / 'ent.sqlite'}")
        with database.reading() as db:
            yield db
        database.engine.dispose()


def operator_in(folder: Path, command: str, usual: dict[str, str]) -> Operator:
    """An operator whose files are in that folder."""
    url = f"sqlite:///{folder / 'ent.sqlite'}"
    make_schema(url)
    database = make_database(url)
    with database.writing() as db:
        establishments.add(db, LYCEE, "Lycée Simone-Weil", Kind.LYCEE)
        establishments.add(db, ECOLE, "École Marguerite-Duras", Kind.ECOLE)
        establishments.add(db, COLLEGE, "Collège Simone-Veil", Kind.COLLEGE, check=False)
    database.engine.dispose()
    return Operator(folder, command, usual)
