"""The page of questions, for every questionnaire, level and language: all is there without a script or a style."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from shutil import copytree

import pytest
from werkzeug.test import TestResponse

from ent_module.languages import LANGUAGES
from ent_module.shelves import shelf
from ent_module.surveys import campaigns, content
from ent_module.surveys.model import Item
from ent_module.surveys.parts import Audience
from tests.support.town import COLLEGE, ECOLE, Town
from tests.surveys.campaign import Voter, ballots, card, start, started
from tests.surveys.pages import send
from tests.surveys.test_pupil_pages import address

SCHOOLS = {"college": (COLLEGE, "6e B", "lina"), "ecole": (ECOLE, "CE2", "noe")}
ALL = sorted(
    (name, level)
    for level in SCHOOLS
    for name, one in content.questionnaires().items()
    if one.audience is Audience.PUPILS and one.for_level(level)
)


def open_for(town: Town, name: str, level: str) -> str:
    """Opens a questionnaire for a class of that level. Returns the address of its questions."""
    uai, code, _pupil = SCHOOLS[level]
    with town.house.database.writing() as db:
        return address(start(town, db, code, uai=uai, asked=content.questionnaires()[name]), "/questions")


def questions(page: str) -> dict[str, str]:
    """The markup of each question, by its id."""
    return dict(re.findall(r'<fieldset class="choices[^"]*" id="(\w+)"(.*?)</fieldset>', page, re.DOTALL))


def answers(markup: str) -> list[tuple[str, str, str]]:
    """Kind, value and words of each box to tick."""
    labels = re.findall(r'<label class="choice">(.*?)</label>', markup, re.DOTALL)
    made = (re.search(r'type="(\w+)".*?value="(\w*)".*?<span>(.*?)</span>', label, re.DOTALL) for label in labels)
    return [(one[1], one[2], unescape(one[3])) for one in made if one]


@pytest.mark.parametrize(("name", "level"), ALL)
def test_each_answer_is_a_box_with_words_and_each_question_can_be_passed(town: Town, name: str, level: str) -> None:
    where = open_for(town, name, level)
    items = {item.id: item for item in content.questionnaires()[name].items(level)}
    for language in LANGUAGES:
        found = questions(town.browser(SCHOOLS[level][2], language).get(where).text)
        assert list(found) == list(items)
        for item in items.values():
            markup = found[item.id]
            assert item.wording(level)[language] in unescape(markup)
            assert_is_asked(item, markup, language)
            assert "style=" not in markup
            assert bool(item.pictures(level)) <= ('class="drawing' in markup)
            assert all('aria-hidden="true"' in drawing for drawing in re.findall(r"<svg [^>]*>", markup))


def assert_is_asked(item: Item, markup: str, language: str) -> None:
    told = answers(markup)
    if item.largest is not None:
        assert re.search(rf'<input type="number"[^>]* name="{item.id}" value=""', markup)
        assert told == []
        return
    if item.is_text:
        assert re.search(rf'<textarea name="{item.id}" rows="3" maxlength="200"[^>]*></textarea>', markup)
        assert told == []
        return
    assert {one[1:] for one in told if one[1]} == {(choice.id, choice.label[language]) for choice in item.choices}
    assert {kind for kind, _value, _words in told} == {"checkbox" if item.several else "radio"}
    assert [value for _kind, value, _words in told].count("") == (0 if item.several else 1)


def test_without_a_script_a_sentence_says_whom_a_question_concerns(town: Town) -> None:
    page = questions(town.browser("lina").get(open_for(town, "boarding", "college")).text)
    assert [name for name, markup in page.items() if "Si tu dors à l’internat." in markup] == list(page)[1:]


def test_a_number_and_what_rests_on_it(town: Town) -> None:
    with town.house.database.writing() as db:
        campaign = start(town, db, "6e B", asked=content.questionnaires()["boarding"])
    nobody = town.app.test_client()

    def answer(code: str, **answers: str | list[str]) -> TestResponse:
        return nobody.post("/ent-ballots/card/answers", data={"code": code, **answers})

    first, second = (card(town, campaign, "6e B") for _card in range(2))
    wrong = answer(first, boarding_nights="9", boarding_sleep="agree")
    assert wrong.status_code == 422
    assert "Ce nombre ne va pas ici." in wrong.text
    assert 'name="boarding_nights" value="9"' in wrong.text
    assert ballots(town) == []
    again = answer(first, boarding_nights="5", boarding_sleep=["agree", "disagree"])
    assert again.status_code == 422
    assert 'name="boarding_nights" value="5"' in again.text
    assert ("boarding_sleep", "agree") in checked(again.text)
    assert answer(first, boarding_nights="5", boarding_sleep="agree").status_code == 200
    assert answer(second, boarding_nights="0", boarding_sleep="agree", boarding_safe="?").status_code == 200
    taken = ballots(town)
    assert {"boarding_nights": ["most"], "boarding_sleep": ["agree"]} in taken
    assert {"boarding_nights": ["none"]} in taken
    assert len(taken) == 2


def checked(page: str) -> set[tuple[str, str]]:
    """The choices that a page shows as made."""
    inputs = re.findall(r"<input ([^>]*)>", page)
    return {
        (re.findall(r'name="([^"]*)"', one)[0], re.findall(r'value="([^"]*)"', one)[0])
        for one in inputs
        if re.search(r"\bchecked\b", one)
    }


def forget_the_shelf() -> None:
    content.questionnaires.cache_clear()
    content.by_digest.cache_clear()


@pytest.fixture
def edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A shelf of its own: the file of the school-climate questionnaire, to be changed under an open campaign."""
    copytree(shelf("surveys"), tmp_path / "surveys")
    monkeypatch.setattr(content, "shelf", lambda name: tmp_path / name)
    forget_the_shelf()
    yield tmp_path / "surveys" / "school-climate.yaml"
    monkeypatch.undo()
    forget_the_shelf()


@pytest.mark.parametrize("change", ["words", "gone"])
def test_an_edited_shelf_changes_no_open_campaign(town: Town, edited: Path, change: str) -> None:
    campaign, lina, eva = started(town, "6e B"), town.browser("lina"), town.browser("eva")
    before = questions(lina.get(address(campaign, "/questions")).text)
    text = edited.read_text("utf-8")
    if change == "words":
        text = text.replace("- id: safety_school\n", "- id: safety_now\n").replace("version: 3\n", "version: 4\n")
        edited.write_text(text.replace("Ici, les adultes écoutent", "Ici, on entend"), "utf-8")
    else:
        edited.unlink()
    forget_the_shelf()
    shelf_now = content.questionnaires().get("school-climate")
    assert shelf_now is None or (shelf_now.version, "safety_now") == (4, shelf_now.sections[2].items[0].id)

    assert questions(lina.get(address(campaign, "/questions")).text) == before
    if shelf_now:
        with town.house.database.writing() as db:
            joined = start(town, db, "5e A", asked=shelf_now)
            assert (joined.id, joined.version, joined.digest) == (campaign.id, 3, campaign.digest)
            assert campaigns.asked(db, joined).digest == campaign.digest
        assert questions(eva.get(address(campaign, "/questions")).text) == before
    assert send(town, campaign, Voter.of(town, campaign).body({"safety_school": ["agree"]})).status_code == 204
    assert ballots(town) == [{"safety_school": ["agree"]}]
