"""Packs: questionnaires under licences of their own, off twice over, whose answers become a score and nothing else."""

import re
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from ent_module.surveys import campaigns, content, own, packs, sensitive
from ent_module.surveys.model import Answers, Questionnaire
from ent_module.surveys.questionnaire_commands import allow_packs
from tests.support.life import today
from tests.support.town import COLLEGE, DEPARTEMENT, OTHER, Town
from tests.surveys.campaign import fill, shut, start
from tests.surveys.own import CALM, asked_with, texts

NAME, LICENCE = "five-words", "© Nobody 2026. An invented licence, word for word."
ITEMS = [f"word_{number}" for number in range(1, 6)]
BANDS = ("least", "low", "fair")


def made() -> dict[str, Any]:
    """Five invented questions of six answers: the shape of a scale of 0 to 100, and nobody's words."""
    answers = [{"id": f"p{points}", "label": texts(f"{points} fois"), "points": points} for points in range(5, -1, -1)]
    bands = [{"id": name, "from": start, "label": texts(name)} for name, start in zip(BANDS, (0, 29, 51), strict=True)]
    item = {"levels": ["college", "lycee"], "sensitive": "wellbeing", "kind": "one", "scale": "times"}
    rest = {"reverse": False, "cutoff": None, "source": "own", "licence": LICENCE}
    return {
        "id": NAME,
        "version": 1,
        "licence": "invented",
        "licence_text": LICENCE,
        "source": "own",
        "title": texts("Cinq mots"),
        "scales": {"times": {"choices": answers}, "score": {"to": 100, "choices": bands}},
        "sections": [
            {
                "id": "all",
                "title": texts("Tout"),
                "items": [{"id": name, "text": texts(f"Le mot {name}"), **item, **rest} for name in ITEMS],
            }
        ],
        "scores": [
            {
                "id": "words",
                "text": texts("Les mots"),
                "items": ITEMS,
                "times": 4,
                "scale": "score",
                "cutoff": "fair",
                "source": "own",
                "licence": LICENCE,
            }
        ],
    }


def asked() -> Questionnaire:
    return Questionnaire.from_data(made())


def told(data: dict[str, Any], *, pack: bool = True) -> list[str]:
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    return [fault.message for fault in content.faults(text, data["id"], pack=pack)]


def forget() -> None:
    sys.modules.pop("five_words_pack", None)
    for known in (content.questionnaires, content.packs, content.by_digest):
        known.cache_clear()


@pytest.fixture
def shelved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The pack, installed: a package with its file and an entry point, as pip would leave them."""
    package, described = tmp_path / "five_words_pack", tmp_path / "five_words_pack-1.0.dist-info"
    for folder in (package, described):
        folder.mkdir()
    (package / "__init__.py").touch()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: five-words-pack\nVersion: 1.0\n")
    (described / "entry_points.txt").write_text(f"[ent_module.survey_packs]\n{NAME} = five_words_pack\n")
    file = package / f"{NAME}.yaml"
    file.write_text(yaml.safe_dump(made(), allow_unicode=True, sort_keys=False), "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    forget()
    yield file
    monkeypatch.undo()
    forget()


def offered(town: Town, uai: str = COLLEGE) -> bool:
    with town.house.database.reading() as db:
        return NAME in own.questionnaires_for(db, town.schools[uai])


def decided(town: Town) -> None:
    with town.house.database.writing() as db:
        by = town.membership("head").account_id
        sensitive.decide(db, town.schools[COLLEGE], asked=True, by=by, today=today())


def allowed(town: Town, uai: str = COLLEGE) -> None:
    with town.house.database.writing() as db:
        packs.allow(db, town.schools[uai], [NAME])


def given(points: list[int]) -> Answers:
    return {name: [f"p{one}"] for name, one in zip(ITEMS, points, strict=True)}


@pytest.mark.parametrize(
    ("points", "band"),
    [
        ([0, 0, 0, 0, 0], "least"),
        ([5, 2, 0, 0, 0], "least"),  # 28
        ([5, 3, 0, 0, 0], "low"),  # 32
        ([5, 5, 2, 0, 0], "low"),  # 48
        ([5, 5, 3, 0, 0], "fair"),  # 52
        ([5, 5, 5, 5, 5], "fair"),
    ],
)
def test_a_score_is_a_sum_times_four_of_which_the_band_is_kept(points: list[int], band: str) -> None:
    assert asked().told_of(given(points)) == {"words": [band]}


def test_whoever_passes_one_question_has_no_score_and_its_answers_go_nowhere() -> None:
    answers = given([5, 5, 5, 5, 5])
    del answers[ITEMS[2]]
    assert asked().told_of(answers) == {}
    assert [item.id for item in asked().as_told.items("college")] == ["words"]
    assert [item.id for item in asked().items("college")] == ITEMS  # asked is not told


def test_a_good_pack_has_no_mistake_and_is_no_questionnaire_of_the_shelf() -> None:
    assert told(made()) == []
    assert {"unknown key licence_text", "unknown key scores", "unknown key points"} <= set(told(made(), pack=False))


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (("licence_text",), "", "licence_text must be a text"),
        (("scores", 0, "items"), [*ITEMS, "word_9"], "word_9 must be a question of kind one"),
        (("scores", 0, "scale"), "times", "a score needs a scale of bands"),
        (("scores", 0, "times"), 0, "times must be a whole number"),
        (("scores", 0, "id"), "word_1", "a question has that id already"),
        (("scales", "times", "choices", 0, "points"), "many", "points must be a whole number"),
        (("sections", 0, "items", 0, "kind"), "several", "word_1 must be a question of kind one"),
    ],
)
def test_a_mistake_of_a_pack_is_named(place: tuple[str | int, ...], value: object, message: str) -> None:
    data = node = made()
    for key in place[:-1]:
        node = node[key]  # type: ignore[index]  # a path of keys and places
    node[place[-1]] = value  # type: ignore[index]
    assert any(message in one for one in told(data)), told(data)


def test_the_shape_in_the_documentation_is_one_once_its_words_are_there() -> None:
    page = (Path(__file__).parents[2] / "docs" / "questionnaires.md").read_text("utf-8")
    shape = re.findall(r"```yaml\n(id: who-5.*?)```", page, re.DOTALL)[0]
    assert list(content.faults(shape.replace("…", "words"), "who-5", pack=True)) == []
    assert "licence_text must be a text" in told(yaml.safe_load(shape.replace("…", "")))
    score = Questionnaire.from_data(yaml.safe_load(shape)).told_of
    assert [score({"who_1": [one]}) for one in ("p0", "p5")] == [{"index": ["very_low"]}] * 2  # one of the five


@pytest.mark.parametrize("missing", ["licence_text", "scores"])
def test_without_its_licence_a_pack_is_left_out(shelved: Path, missing: str) -> None:
    assert NAME in content.packs()
    data = made()
    del data[missing]
    shelved.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    forget()
    assert content.packs() == {}
    assert f"{missing} is missing" in [one.message for one in content.check_content()]


def test_a_question_that_is_not_sensitive_is_a_mistake_in_a_pack() -> None:
    data = made()
    del data["sections"][0]["items"][0]["sensitive"]
    assert told(data) == ["every question of a pack is sensitive: its topic is missing"]


@pytest.mark.usefixtures("shelved")
def test_it_is_off_until_both_the_operator_and_the_head_want_it(town: Town) -> None:
    assert not offered(town)
    decided(town)
    assert not offered(town)
    allowed(town)
    assert offered(town)
    assert not offered(town, OTHER)


@pytest.mark.usefixtures("shelved")
def test_what_is_allowed_above_waits_for_each_head(town: Town) -> None:
    allowed(town, DEPARTEMENT)
    assert not offered(town)
    decided(town)
    assert offered(town)
    assert not offered(town, OTHER)


@pytest.mark.usefixtures("shelved")
def test_only_the_score_is_counted_and_shown(town: Town) -> None:
    with town.house.database.writing() as db:
        campaign = start(town, db, "6e B", "5e A", asked=content.packs()[NAME])
    page = unescape(town.browser("lina").get(f"/surveys/{campaign.id}/questions").text)
    assert LICENCE in page
    assert all(f"Le mot {name}" in page for name in ITEMS)
    ballots = [given([5] * 5)] * 12 + [given([0] * 5)] * 6 + [given([4, 4, 4, 0, 0])] * 2
    fill(town, campaign, {"6e B": ballots, "5e A": ballots})
    shut(town, campaign)
    with town.house.database.reading() as db:
        cells = campaigns.cells(db, campaign)
    assert {item for item, _choice, _count in cells} == {"words"}
    assert ("words", "fair", 24) in cells
    head = town.browser("head")
    for rest in ("", "/report"):
        shown = unescape(head.get(f"/staff/surveys/campaigns/{campaign.id}{rest}").text)
        assert "Les mots" in shown
        assert "Le mot word_1" not in shown
    after = town.browser("lina").get(f"/surveys/{campaign.id}/after").text
    assert "tel:119" in after


@pytest.mark.usefixtures("shelved")
def test_nobody_takes_it_along_or_changes_it(town: Town) -> None:
    decided(town)
    allowed(town)
    admin, digest = town.browser("admin"), content.packs()[NAME].digest
    listed = unescape(admin.get("/staff/surveys/questionnaires").text)
    assert LICENCE in listed
    where = f"/staff/surveys/questionnaires/{digest}"
    assert f'href="/ent{where}"' in listed
    assert f"{where}/file" not in listed
    assert f"{where}/compose" not in listed
    assert LICENCE in unescape(admin.get(where).text)
    assert admin.get(f"{where}/file").status_code == 404
    assert admin.post(f"{where}/compose", {}).status_code == 404


def test_what_a_school_brings_has_no_licence_text_and_no_score(town: Town) -> None:
    data = asked_with(CALM) | {"licence_text": LICENCE, "scores": made()["scores"]}
    with town.house.database.writing() as db:
        checked = own.check(db, town.schools[COLLEGE], data)
    assert {"unknown key licence_text", "unknown key scores"} <= set(checked.faults)


@pytest.mark.usefixtures("shelved")
def test_the_command_wants_a_pack_that_is_there() -> None:
    answer = CliRunner().invoke(allow_packs, [COLLEGE, "nothing"])
    assert answer.exit_code == 1
    assert "no pack without a mistake is called nothing. There are: five-words" in answer.output
