"""The levels above: who can read next, what the group is told where nobody can, and what a tick costs."""

from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from ent_module.database import Database
from ent_module.help import jobs
from ent_module.help.tables import Conversation
from ent_module.identity import service as identity
from ent_module.identity.model import Role
from ent_module.privacy import audit
from tests.help.steps import NOW, account, act, readers_of, seen, write
from tests.help.test_clocks import revoke
from tests.help.test_coming_back import statements
from tests.support.town import CIRCONSCRIPTION, DEPARTEMENT, ECOLE, Town


def a_group_of_its_own(town: Town) -> set[UUID]:
    """Two listeners of the école itself."""
    with town.house.database.writing() as db:
        school, keys, found = town.schools[ECOLE], town.house.keys, set()
        for name in ("Anne Sy", "Luc Roy"):
            one = identity.account(db, keys, school, town.portal_id, name, town.petit.profile, name)
            identity.grant(db, school, one.id, Role.LISTENER, date(2026, 9, 1))
            found.add(one.id)
    return found


def test_a_level_without_anybody_is_passed_over(town: Town) -> None:
    own = a_group_of_its_own(town)
    revoke(town, "circo1", "circo2", uai=CIRCONSCRIPTION)
    written = write(town, uai=ECOLE)
    jobs.escalate(town.house, NOW + timedelta(days=2))
    assert readers_of(town, written) == own | {account(town, "referent")}


def test_where_the_next_level_does_not_take_it_either_the_ladder_goes_on(town: Town) -> None:
    own, circo = a_group_of_its_own(town), {account(town, name, CIRCONSCRIPTION) for name in ("circo1", "circo2")}
    written = write(town, uai=ECOLE)
    jobs.escalate(town.house, NOW + timedelta(days=2))  # on Saturday
    assert readers_of(town, written) == own | circo
    jobs.escalate(town.house, NOW + timedelta(days=4))  # the circonscription has until Monday
    assert readers_of(town, written) == own | circo
    jobs.escalate(town.house, NOW + timedelta(days=5))
    assert readers_of(town, written) == own | circo | {account(town, "referent")}


def test_where_nobody_above_could_read_the_group_is_told(town: Town) -> None:
    late, long_ago = write(town, now=NOW - timedelta(days=30)), "personne d’autre ne peut le lire"
    petit = town.browser("petit")
    assert long_ago not in seen(petit.get(f"/staff/desk/{late.id}"))  # the referent could
    revoke(town, "referent", uai=DEPARTEMENT)
    assert long_ago in seen(petit.get(f"/staff/desk/{late.id}"))
    act(petit, str(late.id), "take")
    assert long_ago not in seen(petit.get(f"/staff/desk/{late.id}"))


def test_where_somebody_above_has_it_already_nothing_is_said_of_nobody(town: Town) -> None:
    late, petit = write(town, now=NOW - timedelta(days=30)), town.browser("petit")
    jobs.escalate(town.house, NOW)
    assert account(town, "referent") in readers_of(town, late)
    assert "personne d’autre ne peut le lire" not in seen(petit.get(f"/staff/desk/{late.id}"))
    handed = write(town, now=NOW - timedelta(days=30), danger="yes")
    act(petit, str(handed.id), "hand_over", to="up")
    with town.house.database.writing() as db:
        row = db.get_one(Conversation, (handed.school, handed.id))
        row.due_on = NOW.date() - timedelta(days=20)
    assert "en retard de" in (page := seen(petit.get(f"/staff/desk/{handed.id}")))
    assert "personne d’autre ne peut le lire" not in page


def test_what_a_leaver_had_is_released_with_a_line_in_the_audit_trail(town: Town) -> None:
    written = write(town)
    act(town.browser("roux"), str(written.id), "take")
    revoke(town, "roux")
    for _turn in range(2):
        jobs.escalate(town.house, NOW)
    with town.house.database.reading() as db:
        lines = audit.lines(db, written.school, {"message.released"}, date(2026, 1, 1))
    assert [(line.account_id, line.object_id, line.day) for line in lines] == [
        (account(town, "roux"), written.id, NOW.date())
    ]


# --- What a tick costs ------------------------------------------------------------------------------------------------


def transactions(town: Town, monkeypatch: pytest.MonkeyPatch, now: datetime) -> int:
    """How many writing transactions a tick opens."""
    opened_: list[Database] = []
    whole = Database.writing

    def writing(self: Database) -> AbstractContextManager[Session]:
        opened_.append(self)
        return whole(self)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Database, "writing", writing)
        jobs.escalate(town.house, now)
    return len(opened_)


def test_a_tick_writes_only_where_something_changes(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    for _turn in range(3):
        write(town)
    urgent = write(town, now=NOW - timedelta(days=10))
    assert transactions(town, monkeypatch, NOW) == 1
    assert account(town, "referent") in readers_of(town, urgent)
    assert transactions(town, monkeypatch, NOW) == 0
    assert transactions(town, monkeypatch, NOW + timedelta(days=2)) == 3
    revoke(town, "referent", uai=DEPARTEMENT)
    write(town, now=NOW - timedelta(days=10))
    assert transactions(town, monkeypatch, NOW) == 0  # nobody above: nothing to write


def test_a_tick_asks_as_much_of_the_database_for_many_conversations_as_for_one(town: Town) -> None:
    asked = []
    for more in (1, 8):
        for _turn in range(more):
            write(town)
        with statements(town) as said:
            jobs.escalate(town.house, NOW)
        asked.append(len(said))
    assert asked[0] == asked[1]
