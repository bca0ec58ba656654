"""The guides by which results are read: complete, careful, and leading somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ent_module.languages import LANGUAGES
from ent_module.lessons import shelf as lessons
from ent_module.resources import service as resources
from ent_module.surveys.blueprint import ROOM
from ent_module.surveys.content import questionnaires
from ent_module.surveys.guides import Guide, guides, paths
from ent_module.surveys.guides_check import mistakes
from ent_module.surveys.model import LEVELS
from ent_module.surveys.parts import Audience
from ent_module.web import prose

FILE = next(path for path in paths() if path.stem == "school-climate")
SENSITIVE = re.compile(r"bullied|took_part|seen|told|reaction|form_|place|harm|home|sex")


def each() -> Iterator[tuple[str, Guide]]:
    yield from guides().items()


def test_no_guide_has_a_mistake() -> None:
    assert guides()
    assert not [mistake for mistake in ROOM.content() if "guides" in mistake.path.parts]


def test_every_link_of_a_signal_leads_to_a_lesson_or_a_sheet_in_every_language() -> None:
    there = {"lesson": set(lessons.lessons()), "sheet": set(resources.shelf())}
    found = 0
    for _name, guide in each():
        for signal in guide.signals:
            for texts in signal.actions.values():
                links = {language: re.findall(r"\]\((\w+):([^)]+)\)", texts[language]) for language in LANGUAGES}
                assert all(slug in there[scheme] for scheme, slug in links["fr"])
                assert sorted(links["fr"]) == sorted(links["en"]) == sorted(links["ar"])
                found += len(links["fr"])
    assert found > 10


def test_every_threshold_says_where_it_is_from() -> None:
    for _name, guide in each():
        assert all(one.source for one in (*guide.signals, *guide.figures))
        assert all(signal.is_own_choice or re.search(r"\(\d{4}\)", signal.source) for signal in guide.signals)
    figures = {one.item: one for one in guides()["school-climate"].figures}
    assert "Solberg" in figures["bullied"].source


def test_a_class_talks_of_nothing_that_pupils_have_lived_through() -> None:
    for name, guide in each():
        items = {item.id: item for level in LEVELS for item in questionnaires()[name].items(level)}
        for one in guide.class_figures:
            assert not SENSITIVE.search(one) or one == "belonging_place"
            assert not guide.tells_places(items[one])


def test_questions_to_talk_about_are_short() -> None:
    for name, guide in each():
        asked = questionnaires()[name]
        levels = {level for level in LEVELS if list(asked.items(level))}
        assert levels <= set(guide.talk) if asked.audience is Audience.PUPILS else not guide.talk
        for level, questions in guide.talk.items():
            most = 12 if level == "ecole" else 18
            for texts in questions:
                assert all(len(words) <= most for _line, words in prose.sentences(texts["fr"]))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("at_least: 10", "at_least: 110", "must be a whole per cent from 1 to 99"),
        ("at_least: 10", "at_least: 10\n    less_than: 5", "a signal needs at_least or less_than"),
        ("lesson:agir-a-plusieurs", "lesson:nothing", "leads nowhere"),
        ("sheet:tenir-le", "page:tenir-le", "must begin with"),
        ("- item: bullied", "- item: nothing", "unknown question nothing"),
        ("- item: safety_school", "- item: told", "told has no two sides"),
        ("places: [place,", "places: [nothing,", "unknown question nothing"),
        ("id: school-climate", "id: other", "must be school-climate"),
        ("licence:", "license:", "unknown key license"),
        ("levels: [ecole]", "levels: [cp]", "levels must be among"),
        ("[climate_help,", "[reaction,", "reaction has no two sides"),
        ("[climate_help,", "[safety_home,", "safety_home is sensitive: no class talks about it"),
        ('source: "Our choice"\n', 'source: ""\n', "must be a text"),
        ('source: "Our choice"\n', 'source: "<b>x</b>"\n', "must be plain text"),
        (
            "      - levels: [lycee]\n        text:",
            "      - levels: [ecole]\n        text:",
            "nothing is suggested at lycee",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = FILE.read_text("utf-8")
    assert old in text
    broken = tmp_path / FILE.name
    broken.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = list(mistakes(broken))
    assert any(message in one.message for one in found), found
    line = text[: text.index(old)].count("\n") + 1
    assert any(abs(one.line - line) <= 4 for one in found) or "suggested" in message


def test_a_translation_too_few_is_a_mistake(tmp_path: Path) -> None:
    broken = tmp_path / FILE.name
    broken.write_text(re.sub(r"(?m)^ +ar: .*\n", "", FILE.read_text("utf-8"), count=1), encoding="utf-8")
    assert [one.message for one in mistakes(broken)] == ["ar is missing"]


@pytest.mark.parametrize(("text", "message"), [("a: [", "is not YAML"), ("", "no guide")])
def test_a_file_that_is_no_guide_is_a_mistake(tmp_path: Path, text: str, message: str) -> None:
    broken = tmp_path / FILE.name
    broken.write_text(text)
    assert message in next(mistakes(broken)).message


def test_a_guide_without_its_questionnaire_is_a_mistake(tmp_path: Path) -> None:
    other = tmp_path / "nothing.yaml"
    other.write_text(FILE.read_text("utf-8"))
    assert [one.message for one in mistakes(other)] == ["no questionnaire nothing"]
