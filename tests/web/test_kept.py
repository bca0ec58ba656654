"""Parts of pages that are made once: each under its own key, no more than fit, and nothing of whoever asks."""

import re

from flask import g

from ent_module.web import parts
from ent_module.web.kept import Kept
from tests.support.town import Town
from tests.surveys.campaign import started


def test_a_part_is_made_once_for_each_key() -> None:
    kept, made = Kept(), []

    def make() -> str:
        made.append("made")
        return f"part {len(made)}"

    assert [kept.get(key, make) for key in ("a", "a", "b", "a")] == ["part 1", "part 1", "part 2", "part 1"]


def test_the_memory_has_an_end_and_what_is_asked_for_stays() -> None:
    kept = Kept(most=100)
    for number in range(50):
        assert kept.get(number, lambda: "x" * 40) == "x" * 40
        assert kept.get("asked for", lambda: f"since {number}") == "since 0"  # noqa: B023  # called at once
    assert sum(map(len, kept._parts.values())) == kept._size <= 100  # no caller sees how much is kept


def test_what_is_larger_than_the_memory_is_made_each_time() -> None:
    kept = Kept(most=10)
    assert [kept.get("a", lambda: "x" * 11) for _visit in range(2)] == ["x" * 11] * 2
    assert kept._size == 0


def test_a_part_knows_no_name_that_tells_of_whoever_asks(town: Town) -> None:
    with town.app.test_request_context("/ent/"):
        g.ent_person, g.ent_session = town.lina, None
        personal = set(parts.context()) - set(parts.common())
        reachable = str(parts.common())
    assert {"person", "csrf_token", "acting_in", "here", "quick_exit", "sign_out"} <= personal
    assert town.lina.name not in reachable


TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def test_pupils_have_the_same_questions_and_each_their_own_form(town: Town) -> None:
    campaign = started(town, "6e B", "5e A")
    found = {}
    for name in ("lina", "sami", "eva"):
        page = town.browser(name).get(f"/surveys/{campaign.id}/questions").text
        found[name] = page
        seat = re.search(r'data-seat="(\w+)"', page)
        assert seat
        assert page.count(town.people[name].name) == 1
        assert set(TOKEN.findall(page)) == {TOKEN.findall(page)[0]}
    for pattern in (r'data-seat="(\w+)"', TOKEN.pattern):
        assert len({re.findall(pattern, page)[0] for page in found.values()}) == 3
    questions = [re.findall(r"(?s)<fieldset class=.section.>.*</fieldset>", page)[0] for page in found.values()]
    assert len(set(questions)) == 1
    assert not [one.name for one in town.people.values() if one.name and one.name in questions[0]]
