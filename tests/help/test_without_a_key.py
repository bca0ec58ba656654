"""Whoever holds no key of a conversation can do nothing with it, whatever forms they send."""

from uuid import UUID, uuid4

import pytest

from ent_module.help import sealing
from ent_module.help.model.moves import MOVES
from ent_module.help.service import acting, desk
from ent_module.help.service.desk import Held
from ent_module.identity import service as identity
from ent_module.identity.model import Role
from tests.help.steps import MESSAGE, Written, account, act, on_desk, write
from tests.support.database import everything
from tests.support.town import COLLEGE, OTHER, Browser, Town

ALL_THAT_A_PAGE_SENDS = {"message": "x", "note": "x", "done": "x", "why": "x", "because": "x", "to": "up"}
BY_THE_WRITER_OR_THE_CLOCK = {"sent", "written_again", "read", "escalate", "rescue", "stand_in", "mailbox"}


def posts(town: Town, browser: Browser, conversation: UUID) -> dict[str, int]:
    """What each form of the desk answers, sent with tokens that are good for that session."""
    assert browser.session is not None
    token = sealing.new_form(town.house.keys, browser.session.digest, "desk")
    sent = {"token": token, "step": "1", **ALL_THAT_A_PAGE_SENDS}
    ways = (*(action for action in acting.ACTIONS if action not in OF_A_PAGE), "day")
    return {way: browser.post(f"/staff/desk/{conversation}/{way}", sent).status_code for way in ways}


OF_A_PAGE = {"meet", "meet_off"}
"""The moves that have a page of their own, `day`."""


def test_the_forms_of_the_desk_are_all_its_moves() -> None:
    assert set(acting.ACTIONS) == set(MOVES) - BY_THE_WRITER_OR_THE_CLOCK


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("paul", 404),  # listens at another collège
        ("roux", 404),  # is left out
        ("circo1", 404),
        ("referent", 404),  # a level above, who has been given nothing
        ("head", 403),  # no desk at all
        ("alba", 403),
        ("admin", 403),
        ("clerk", 403),
        ("nurse", 404),
        ("lina", 403),
    ],
)
def test_nobody_without_a_key_moves_a_conversation(town: Town, name: str, status: int) -> None:
    written = write(town, danger="yes", without=(account(town, "roux"),))
    act(town.browser("petit"), str(written.id), "take")
    browser = town.browser(name)
    before = everything(town.house.database)
    assert set(posts(town, browser, written.id).values()) == {status}
    assert set(posts(town, browser, uuid4()).values()) == {status}  # the same as for what does not exist
    assert everything(town.house.database) == before


def test_control_these_forms_are_good_for_whoever_holds_a_key(town: Town) -> None:
    written = write(town, danger="yes")
    found = posts(town, town.browser("petit"), written.id)
    assert not {400, 403, 404} & set(found.values())


# --- Keys and what they open ------------------------------------------------------------------------------------------


def opened(town: Town, written: Written) -> Held:
    with town.house.database.reading() as db:
        return desk.held(db, town.house.keys, town.petit, written.id)


def test_without_a_name_the_header_holds_neither_name_nor_class(town: Town) -> None:
    for answer, who in (("here-unnamed", ("", ())), ("here-named", ("Lina Morel", ("6e B",)))):
        header = desk.header_of((found := opened(town, write(town, answer=answer))).key, found.row)
        assert header is not None
        assert (header.name, header.classes) == who
        assert found.key is not None
        assert ("Lina" in str(found.key.unseal_header(found.row.header))) == bool(who[0])


def test_a_role_lost_in_one_school_takes_the_key_away_there_only(town: Town) -> None:
    here, there, ines = write(town), write(town, uai=OTHER), town.browser("ines")
    assert set(on_desk(ines)) == {str(here.id), str(there.id)}
    with town.house.database.writing() as db:
        identity.revoke(db, town.schools[COLLEGE], account(town, "ines", COLLEGE), Role.LISTENER)
    assert on_desk(ines) == [str(there.id)]
    assert ines.get(f"/staff/desk/{here.id}").status_code == 404
    assert set(posts(town, ines, here.id).values()) == {404}
    assert MESSAGE in ines.get(f"/staff/desk/{there.id}").text
    with town.house.database.reading() as db:
        left = {one.account_id for one in desk.active_readers(db, town.house.keys, sealing.Place(here.school, here.id))}
    assert left == {account(town, "petit"), account(town, "roux")}
