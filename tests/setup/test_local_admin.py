"""The operator names the first local admin."""

import re
from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner

from ent_module.identity import service as identity
from ent_module.identity.model import Profile, Role
from ent_module.setup.commands import local_admin
from tests.support.town import COLLEGE, Town


def test_the_operator_names_the_first_local_admin(town: Town, database_url: str, work: Path) -> None:
    env = {"ENT_DATABASE_URL": database_url, "ENT_KEY_FILE": str(work / "master.key")}
    unknown = CliRunner().invoke(local_admin, [COLLEGE, "Personne"], env=env)
    assert unknown.exit_code == 1
    assert "Luc Martin" in unknown.output
    assert CliRunner().invoke(local_admin, ["0951099D", "Luc Martin"], env=env).exit_code == 1
    for answer in ("n\n", ""):
        asked = CliRunner().invoke(local_admin, [COLLEGE, "Luc Martin"], env=env, input=answer)
        assert asked.exit_code == 1
        assert re.search(
            r"1\. Luc Martin: staff, from Portail \(https://portal.example\), first here on 20\d\d-", asked.output
        )
    with town.house.database.reading() as db:
        assert len(identity.holders(db, town.schools[COLLEGE], Role.LOCAL_ADMIN)) == 1
    made = CliRunner().invoke(local_admin, [COLLEGE, "Luc Martin", "--yes"], env=env)
    assert made.output.splitlines()[-1] == "Luc Martin is a local admin of 0590001B Collège Simone-Veil"
    with town.house.database.reading() as db:
        names = [one.name for one in identity.holders(db, town.schools[COLLEGE], Role.LOCAL_ADMIN)]
    assert names == ["Luc Martin", "Yann Le Gall"]


def test_of_two_with_one_name_the_operator_says_which(town: Town, database_url: str, work: Path) -> None:
    """Whoever is let in by another portal may call themselves like a colleague."""
    env = {"ENT_DATABASE_URL": database_url, "ENT_KEY_FILE": str(work / "master.key")}
    with town.house.database.writing() as db:
        moodle = identity.add_portal(db, "lti", "Moodle", "https://moodle.example")
        identity.attach(db, moodle, town.schools[COLLEGE])
        twin = replace(town.arrival("clerk"), portal_id=moodle.id, profile=Profile.EXTERNAL)
        account = identity.welcome(db, town.house.keys, twin).here.account_id
    words = [COLLEGE, "Luc Martin"]
    refused = CliRunner().invoke(local_admin, [*words, "--yes"], env=env)
    assert refused.exit_code == 1
    assert "--number" in refused.output
    assert "external, from Moodle (https://moodle.example)" in refused.output
    assert CliRunner().invoke(local_admin, [*words, "--number", "3"], env=env).exit_code == 1
    number = next(line[0] for line in refused.output.splitlines() if "staff, from Portail" in line)
    with town.house.database.reading() as db:
        assert len(identity.holders(db, town.schools[COLLEGE], Role.LOCAL_ADMIN)) == 1
    assert CliRunner().invoke(local_admin, [*words, "--number", number], env=env).exit_code == 0
    with town.house.database.reading() as db:
        now = {one.id for one in identity.holders(db, town.schools[COLLEGE], Role.LOCAL_ADMIN)}
    assert now == {town.membership("clerk").account_id, town.membership("admin").account_id}
    assert account not in now
