"""The commands as an operator types them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ent_module.database import make_database
from ent_module.establishments.commands import establishment
from tests.conftest import make_schema


class Operator:
    """Someone at the command line, with a database of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def types(self, *words: str, **settings: str) -> Result:
        return CliRunner().invoke(establishment, words, env={"ENT_DATA_DIR": str(self.folder), **settings})


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    make_schema(f"sqlite:///{tmp_path / 'ent.sqlite'}")
    return Operator(tmp_path)


def test_the_installed_command_has_it(operator: Operator) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "ent_module.cli", "establishment", "add", "0951099D", "Lycée Simone-Weil"],
        env={"PATH": os.environ["PATH"], "ENT_DATA_DIR": str(operator.folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (made.returncode, made.stdout, made.stderr) == (0, "0951099D Lycée Simone-Weil: added\n", "")
    assert "Lycée Simone-Weil" in operator.types("list").output


def test_adds_changes_and_lists(operator: Operator) -> None:
    added = operator.types("add", "0951099D", "DSDEN", "--kind", "departement", "--zone", "C")
    assert (added.exit_code, added.output) == (0, "0951099D DSDEN: added\n")
    assert operator.types("add", "0370074e", "Collège Rabelais", "--parent", "0951099D").exit_code == 0
    assert operator.types("add", "0370074E", "Collège François-Rabelais").output.endswith("changed\n")
    assert operator.types("list").output.splitlines() == [
        "0370074E  college          B      0951099D  Collège François-Rabelais",
        "0951099D  departement      C      -         DSDEN",
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("0450822X", "Collège"), "not a school code"),
        (("0370074E", " "), "1 to 200 characters"),
        (("0370074E", "Collège", "--parent", "0750655E"), "0750655E is not known"),
        (("0370074E", "Collège", "--parent", "0951099D"), "0951099D cannot be above a college"),
        (("0370074E", "Collège", "--zone", "D"), "--zone"),
        (("0370074E", "Collège", "--kind", "castle"), "--kind"),
    ],
)
def test_a_mistake_is_named_and_changes_nothing(operator: Operator, words: tuple[str, ...], told: str) -> None:
    operator.types("add", "0951099D", "Lycée", "--kind", "lycee")
    before = operator.types("list").output
    made = operator.types("add", *words)
    assert made.exit_code != 0
    assert told in made.output
    assert made.exception is None or isinstance(made.exception, SystemExit)
    assert operator.types("list").output == before


def test_invented_codes_where_the_operator_says_so(operator: Operator) -> None:
    assert operator.types("add", "0000000V", "École", ENT_CHECK_UAI="0").exit_code == 0


def test_without_tables_it_says_what_to_do(tmp_path: Path) -> None:
    made = Operator(tmp_path).types("list")
    assert made.exit_code == 1
    assert "ent-module upgrade" in made.output


def test_a_bad_setting_is_named(operator: Operator) -> None:
    made = operator.types("list", ENT_SESSION_HOURS="soon")
    assert made.exit_code == 1
    assert "ENT_SESSION_HOURS" in made.output


def test_nothing_is_left_open(operator: Operator) -> None:
    operator.types("add", "0951099D", "DSDEN")
    database = make_database(f"sqlite:///{operator.folder / 'ent.sqlite'}")
    with database.writing():
        pass
    database.engine.dispose()
