"""Before a campaign is announced: its head gives the key to two adults, who have tried it, or to the server alone."""

import json
import re
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from ent_module.privacy import custody
from ent_module.privacy.key_store import LostKeyError
from ent_module.surveys.model import Custody, State
from ent_module.surveys.service import planning, shares
from ent_module.surveys.tables import Campaign
from tests.support.database import everything
from tests.support.town import Town
from tests.surveys.campaign import reread
from tests.surveys.planned import announce, draft, plan


@pytest.fixture
def drafted(town: Town) -> Campaign:
    """A draft for a day in three weeks."""
    today = datetime.now(UTC).date()
    with town.house.database.writing() as db:
        first, last = today + timedelta(days=21), today + timedelta(days=28)
        return draft(town, db, plan(opens_on=first, closes_on=last), today)


def place(one: Campaign, more: str) -> str:
    return f"/staff/surveys/campaigns/{one.id}{more}"


def on_paper(page: str) -> dict[str, str]:
    """What the two holders read on the sheets that this page prints."""
    lists = re.findall(r'<ol class="(?:phrase|groups)"[^>]*>(.*?)</ol>', page, re.DOTALL)
    phrase, paper, copy = (" ".join(map(unescape, re.findall(r"<li>(.*?)</li>", one))) for one in lists)
    assert paper == copy
    return {"phrase": phrase, "paper": paper}


def test_two_shares_are_shown_once_tried_and_only_then_is_it_announced(town: Town, drafted: Campaign) -> None:
    head = town.browser("head")
    assert "mode simple, moins sûr" in head.get(place(drafted, "/planned")).text
    assert head.post(place(drafted, "/keys"), {}).status_code == 422
    made = head.post(place(drafted, "/keys"), {"mode": "shared"})
    assert (made.status_code, made.headers["Cache-Control"]) == (200, "no-store")
    typed = on_paper(made.text)
    assert (len(typed["phrase"].split()), len(typed["paper"].split())) == (7, 16)
    assert typed["phrase"].split()[0] not in head.get(place(drafted, "/keys")).text
    with town.house.database.writing() as db, pytest.raises(planning.NotRehearsedError):
        announce(town, db, drafted)
    other = custody.written_paper(custody.draw().paper)
    assert head.post(place(drafted, "/trial"), {**typed, "paper": other}).status_code == 422
    assert reread(town, drafted).rehearsed_on is None
    assert head.post(place(drafted, "/trial"), typed).status_code == 303
    assert "Essayées" in head.get(place(drafted, "/planned")).text
    with town.house.database.writing() as db:
        announce(town, db, drafted)
    found = reread(town, drafted)
    assert (found.state, found.custody, len(found.wrapped or b"")) == (State.ANNOUNCED, Custody.SHARED, custody.SIZE)
    published = urlsafe_b64encode(custody.public_of(found.wrapped or b"")).rstrip(b"=").decode()
    assert json.loads(found.keys)["seal"] == published
    with pytest.raises(LostKeyError):
        town.house.store.get(drafted.id, "sealing")
    assert head.post(place(drafted, "/keys"), {"mode": "simple"}).status_code == 303
    assert reread(town, drafted).custody == Custody.SHARED  # announced: it changes no more


def test_new_shares_make_those_before_worthless_and_the_server_needs_none(town: Town, drafted: Campaign) -> None:
    head = town.browser("head")
    first = on_paper(head.post(place(drafted, "/keys"), {"mode": "shared"}).text)
    assert head.post(place(drafted, "/trial"), first).status_code == 303
    head.post(place(drafted, "/keys"), {"mode": "shared"})
    assert reread(town, drafted).rehearsed_on is None
    assert head.post(place(drafted, "/trial"), first).status_code == 422
    assert head.post(place(drafted, "/keys"), {"mode": "simple"}).status_code == 303
    found = reread(town, drafted)
    assert (found.custody, found.wrapped, found.rehearsed_on) == (Custody.SIMPLE, None, None)
    assert head.get(place(drafted, "/trial")).status_code == 303
    with town.house.database.writing() as db:
        announce(town, db, drafted)
    assert town.house.store.get(drafted.id, "sealing")


def test_what_is_not_rehearsed_is_refused_with_a_sentence(town: Town, drafted: Campaign) -> None:
    with town.house.database.writing() as db:
        planning.entrust(db, drafted.establishment_id, drafted.id, bytes(custody.SIZE))
    refused = town.browser("head").post(place(drafted, "/planned"), {"told": "notice"})
    assert (refused.status_code, "à la fin, il serait trop tard" in refused.text) == (400, True)


def test_shares_that_were_replaced_while_they_were_tried_count_for_nothing(town: Town, drafted: Campaign) -> None:
    mine = (drafted.establishment_id, drafted.id)
    with town.house.database.writing() as db:
        planning.entrust(db, *mine, bytes(custody.SIZE))
        planning.rehearsed(db, *mine, b"others", drafted.opened_on)
    assert reread(town, drafted).rehearsed_on is None


@pytest.mark.parametrize("mode", ["shared", "simple"])
def test_what_is_announced_meanwhile_in_another_tab_keeps_its_key(
    town: Town, drafted: Campaign, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(*_given: object) -> None:
        raise planning.AnnouncedError

    monkeypatch.setattr(planning, "entrust", too_late)
    before = reread(town, drafted)
    assert town.browser("head").post(place(drafted, "/keys"), {"mode": mode}).status_code == 303
    assert reread(town, drafted).wrapped == before.wrapped


def test_a_server_that_cannot_make_them_changes_nothing(
    town: Town, drafted: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "_python", lambda: "/bin/false")
    head = town.browser("head")
    before = everything(town.house.database)
    refused = head.post(place(drafted, "/keys"), {"mode": "shared"})
    assert (refused.status_code, "Rien n’a changé" in refused.text) == (503, True)
    assert everything(town.house.database) == before
