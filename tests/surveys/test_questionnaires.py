"""What ships on the shelf: whom each questionnaire asks, in which words, and what it leaves alone."""

import re
from pathlib import Path

import pytest

import ent_module.surveys
from ent_module.languages import LANGUAGES
from ent_module.surveys.background import is_background
from ent_module.surveys.content import questionnaires
from ent_module.surveys.looks import SPOTS, Look
from ent_module.surveys.model import LEVELS, Item, Questionnaire
from ent_module.surveys.parts import Audience
from ent_module.web import prose

ALL = sorted(questionnaires())
DRAWN = (Path(ent_module.surveys.__file__).parent / "static" / "pictures.svg").read_text("utf-8")

each = pytest.mark.parametrize("name", ALL)


def asked(name: str, level: str = "college") -> list[Item]:
    return list(questionnaires()[name].items(level))


def words(one: Questionnaire, level: str, language: str) -> list[str]:
    """Every text that a pupil of that level reads."""
    found = [one.title[language]]
    for section in one.for_level(level):
        found += [section.heading(level)[language], *([section.intro[language]] if section.intro else [])]
        for item in section.items:
            found += [item.wording(level)[language], *([item.hint[language]] if item.hint else [])]
            found += [item.relevant.who[language]] if item.relevant and item.relevant.who else []
            found += [choice.label[language] for choice in item.choices]
    return found


def test_six_situations_have_their_questionnaire() -> None:
    numbers = {name: [len(asked(name, level)) for level in LEVELS] for name in ALL}
    assert numbers == {
        "boarding": [0, 10, 10],
        "exit-ticket": [3, 3, 3],
        "parents-climate": [11, 11, 11],
        "school-climate": [16, 32, 32],
        "staff-climate": [12, 12, 12],
        "trip": [8, 8, 8],
    }
    adults = {name: one.audience for name, one in questionnaires().items() if one.audience is not Audience.PUPILS}
    assert adults == {"parents-climate": Audience.PARENTS, "staff-climate": Audience.STAFF}


def test_what_is_asked_unless_a_head_decides_otherwise() -> None:
    calm = questionnaires()["school-climate"].without_sensitive.without_texts
    assert [len(list(calm.items(level))) for level in LEVELS] == [16, 28, 28]
    assert {item.sensitive for item in asked("school-climate")} == {None, "home", "sexuality", "discrimination"}
    assert not [item for item in asked("school-climate", "ecole") if item.sensitive]


@each
def test_it_is_our_own_and_free_to_share(name: str) -> None:
    data = questionnaires()[name].data
    items = [item for section in data["sections"] for item in section["items"]]
    assert {data["licence"], *(item["licence"] for item in items)} == {"CC BY 4.0"}
    assert {re.split(r"[;.]", one["source"])[0] for one in (data, *items)} == {"own"}
    assert data["summary"].keys() == set(LANGUAGES)


@each
@pytest.mark.parametrize(("level", "most"), [("ecole", 12), ("college", 18), ("lycee", 18)])
def test_sentences_are_short(name: str, level: str, most: int) -> None:
    most = {Audience.PUPILS: most, Audience.PARENTS: 15, Audience.STAFF: 20}[questionnaires()[name].audience]
    for text in words(questionnaires()[name], level, "fr"):
        for _line, sentence in prose.sentences(text):
            assert len(sentence) <= most, sentence


@each
def test_words_are_kind_and_no_one_is_asked_about_home(name: str) -> None:
    for level in LEVELS:
        for language, wrong in (
            ("fr", r"!|victime|n’hésite|harceleu|chez toi|à la maison|tes parents|religion|couleur|orientation"),
            ("en", r"!|victim|don’t hesitate|\bbully\b|at home|your parents|religion|\bskin\b|orientation"),
            ("ar", r"!|ضحية|في البيت|والديك|دين|ميول"),
        ):
            calm = questionnaires()[name].without_sensitive
            assert not re.search(wrong, "\n".join(words(calm, level, language)), re.IGNORECASE)
    if questionnaires()[name].audience is Audience.PUPILS and asked(name, "ecole"):
        small = "\n".join(words(questionnaires()[name], "ecole", "fr"))
        assert not re.search(r"sexuel|établissement|harcel", small, re.IGNORECASE)


@each
def test_no_question_comes_only_to_those_to_whom_something_happened(name: str) -> None:
    """Whoever has more screens than the neighbour is seen to have them: what brings a question is known to all."""
    resting = {rule.item for item in asked(name) if item.relevant for rule in item.relevant.conditions}
    assert resting <= {"boarding_nights", "trip_nights"}
    for item in asked(name):
        if item.look is Look.PLACES:
            assert item.choices[0].id == "not_happened"


@pytest.mark.parametrize("name", ["parents-climate", "staff-climate"])
def test_adults_are_spoken_to_as_adults(name: str) -> None:
    """« vous » and never « tu », no picture for children, at the école neither; and nothing on who answers."""
    for level in LEVELS:
        told = "\n".join(words(questionnaires()[name], level, "fr"))
        assert not re.search(r"\b(tu|te|ton|ta|tes|toi)\b|\bt’", told, re.IGNORECASE)
        assert not any(item.pictures(level) and item.look is Look.FACES for item in asked(name, level))
        assert not [item for item in asked(name, level) if is_background(item)]
    assert words(questionnaires()[name], "ecole", "fr") == words(questionnaires()[name], "college", "fr")


def test_some_statements_are_bad_news_to_agree_with() -> None:
    assert len([item for item in asked("school-climate") if item.reverse]) >= 3
    assert [item.id for item in asked("boarding") if item.reverse] == ["boarding_newcomers"]


def test_small_children_have_pictures_and_older_pupils_rows() -> None:
    climate = questionnaires()["school-climate"]
    small = {item.id: item.pictures("ecole") for item in climate.items("ecole")}
    assert list(small["safety_school"].values()) == ["face-1", "face-2", "face-4", "face-5"]
    assert small["climate_mockery"] == {}  # agreeing is bad news: no face says so
    assert list(small["bullied"].values()) == ["often-0", "often-1", "often-2", "often-3", "often-4"]
    times = next(item for item in questionnaires()["trip"].items("ecole") if item.id == "trip_hurt")
    assert list(times.pictures("ecole").values()) == ["often-0", "often-2", "often-4"]
    assert next(item.look for item in climate.items("ecole") if item.id == "place_ecole") is Look.PLACES
    first = climate.for_level("college")[0]
    assert len(first.in_rows("college")) == 8
    assert first.in_rows("ecole") == []
    assert next(iter(first.items)).pictures("college") == {}


def test_every_picture_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', DRAWN))
    wanted = {f"spot-{spot}" for spot in SPOTS}
    for name in ALL:
        for level in LEVELS:
            wanted |= {drawing for item in asked(name, level) for drawing in item.pictures(level).values()}
    assert wanted <= drawn
    assert not re.search(r"style|script|href|#[0-9a-f]{3}|on\w+=", DRAWN)


def test_the_places_stand_by_part_of_the_picture_and_none_is_lost() -> None:
    for name in ALL:
        for item in (one for level in LEVELS for one in asked(name, level) if one.look is Look.PLACES):
            parts = dict(item.places)
            assert list(parts) == ["inside", "outside", "around", ""][: len(parts)] or "" in parts
            assert sorted(one.id for here in parts.values() for one in here) == sorted(one.id for one in item.choices)
