"""Whatever is done with a conversation, whoever is left out of it sees, byte by byte, what they saw before it was.

20 sequences of actions in every run; 500 before a release with `WORLDS=500`. Each is named by its number, and can be
made again by it. What is looked at: the pages on which something might
show, and the mail that was sent. Every page that can be reached is looked at in `test_leaving_out`.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random  # noqa: TID251  # a sequence can be made again by its number
from typing import Any

import pytest

from ent_module.help import jobs
from ent_module.help.service import desk
from tests.help.notices import reach
from tests.help.steps import NOW, Written, act, opened, token_on, write
from tests.help.test_leaving_out import without
from tests.help.test_who_can_read import pages
from tests.support.mailbox import Mailbox
from tests.support.town import Browser, Town

WORLDS = int(os.environ.get("WORLDS", "20"))
LEFT_OUT = ("roux", "head")
NOWHERE = "00000000-0000-4000-8000-000000000000"
"""A conversation that nobody has."""


@dataclass
class World:
    """A conversation that somebody is left out of, and those who read it."""

    town: Town
    written: Written
    people: dict[str, Browser]
    now: datetime = NOW

    @property
    def address(self) -> str:
        """Of the conversation's page."""
        return f"/staff/desk/{self.written.id}"

    def do(self, who: str, action: str, **given: Any) -> None:
        """One move at the desk, where that person may open it at all."""
        one = self.people[who]
        if one.get(self.address).status_code == 200:
            act(one, str(self.written.id), action, **given)

    def the_writer_goes_on(self, _chance: Random) -> None:
        """With the code, from another browser."""
        sami = self.town.browser("sami")
        page = opened(sami, self.written.code)
        if page.status_code == 200 and 'action="/ent/words/reply"' in page.text:
            sami.post("/words/reply", {"token": token_on(page.text), "message": "Encore."})

    def days_go_by(self, chance: Random) -> None:
        """The clock looks, and mail is sent."""
        self.now = (self.now + timedelta(days=chance.randint(1, 6))).replace(hour=15, minute=40)
        jobs.escalate(self.town.house, self.now)
        jobs.tell(self.town.house, self.now)


def _does(action: str, **given: Any) -> Callable[[World, Random], None]:
    return lambda world, chance: world.do(chance.choice(("petit", "ines", "referent")), action, **given)


ACTIONS: tuple[Callable[[World, Random], None], ...] = (
    _does("take"),
    _does("answer", message="Merci de m’avoir écrit."),
    _does("note", note="Une note.", on_day="2026-12-01"),
    _does("urgent"),
    _does("not_urgent", why="Calmé."),
    _does("hand_over", to="up"),
    _does("to_lane", health="Santé."),
    _does("transmitted", way="crip"),
    _does("close", done="Fait."),
    _does("reopen"),
    World.the_writer_goes_on,
    World.days_go_by,
)


def sees_a_difference(town: Town, box: Mailbox, number: int) -> set[str]:
    """Who of those left out sees anything else, or is written to, once that sequence was made."""
    chance = Random(number)
    browsers = {name: town.browser(name) for name in LEFT_OUT}
    before = {name: pages(browser, NOWHERE) for name, browser in browsers.items()}
    danger = chance.choice(("yes", "no"))
    world = World(
        town,
        write(town, danger=danger, now=NOW, **without(town, *LEFT_OUT)),
        {name: town.browser(name) for name in ("petit", "ines", "referent")},
    )
    for _step in range(chance.randint(2, 8)):
        chance.choice(ACTIONS)(world, chance)
    found = {name for name, browser in browsers.items() if pages(browser, str(world.written.id)) != before[name]}
    return found | {to.partition("@")[0] for to in box.recipients if to.startswith(LEFT_OUT)}


def test_any_sequence_leaves_no_trace_for_whom_it_is_kept_from(town: Town, box: Mailbox) -> None:
    reach(town, "petit", "roux")
    for number in range(WORLDS):
        assert sees_a_difference(town, box, number) == set(), f"sequence {number}"
    assert box.recipients


def test_control_a_tile_that_counts_for_all_would_be_noticed(
    town: Town, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = desk.unread
    monkeypatch.setattr(desk, "unread", lambda db, keys, _person, *lane: counted(db, keys, town.people["petit"], *lane))
    assert any("roux" in sees_a_difference(town, box, number) for number in range(20))
