"""Pages of a closed campaign: every number on them follows from released cells, and nothing else is asked of the
database."""

import json
import re
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from fractions import Fraction
from hashlib import sha256
from html import unescape
from io import BytesIO
from math import floor
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import delete, event, insert, select, update
from werkzeug.exceptions import NotFound

from ent_module import surveys
from ent_module.identity.model import Role
from ent_module.surveys import pdf, results_views
from ent_module.surveys.model import ABOVE, ANSWERED, State
from ent_module.surveys.release import Release
from ent_module.surveys.tables import Campaign, Closing, ResultCell
from ent_module.web import pages
from ent_module.web.kept import Kept
from tests.setup.pages import newcomer
from tests.support.town import ECOLE, OTHER, Town
from tests.surveys.campaign import CALM, DAY, NOON, climate, fill, shut, start, started
from tests.surveys.released import released
from tests.surveys.test_head_pages import address, words
from tests.test_sentences import too_long

BEFORE, LONG_AGO = date(2025, 11, 13), date(2024, 11, 14)
PAGES = ("", "/report", "/together")


def closed(town: Town, happy: int, sad: int, day: date = DAY, *, again: bool = False) -> Campaign:
    """A released campaign of the collège in which some are well and some are not."""
    tallies = {
        "bullied": {"never": happy, "weekly": sad},
        "climate_help": {"agree": happy, "disagree": sad},
        "belonging_adult": {"rather_agree": happy, "disagree": sad},
        "safety_school": {"agree": happy, "rather_disagree": sad},
        "place": {"not_happened": happy, "yard": sad, "online": sad},
    }
    return released(town, tallies, happy + sad, day, again=again)


def cells(town: Town, *campaigns: Campaign) -> dict[UUID, dict[str, dict[str, int]]]:
    """Campaign → question → choice → count, as the database has it."""
    found: dict[UUID, dict[str, dict[str, int]]] = {one.id: {} for one in campaigns}
    with town.house.database.reading() as db:
        rows = db.scalars(select(ResultCell).where(ResultCell.establishment_id == campaigns[0].establishment_id))
        for row in rows:
            if row.campaign_id in found:
                found[row.campaign_id].setdefault(row.item, {})[row.choice] = row.count
    return found


def rounded(count: int, of: int, parts: int) -> int:
    """The nearest whole number of so many parts, halves up."""
    return floor(Fraction(count * parts, of) + Fraction(1, 2))


def derivable(town: Town, *campaigns: Campaign) -> tuple[set[int], set[int]]:
    """Every per cent, and every number of ten pupils, that follows from released cells."""
    pairs = [
        (count, mine[ANSWERED])
        for items in cells(town, *campaigns).values()
        for mine in items.values()
        for choice, count in mine.items()
        if choice != ANSWERED
    ]
    percents = {
        rounded(count, of, 100) if count in {0, of} else min(99, max(1, rounded(count, of, 100))) for count, of in pairs
    }
    return percents, {rounded(count, of, 10) for count, of in pairs}


THRESHOLDS = re.compile(r"Seuil : (?:moins de )?\d+\s%|à 95\s%")


def numbers(page: str) -> tuple[set[int], set[int]]:
    """Every per cent on a page, widths of bars among them, and every number of ten pupils."""
    text = THRESHOLDS.sub("", words(page))
    bars = {int(width) for width in re.findall(r'<rect class="bar-value" width="(\d+)"', page)}
    filled = {drawing.count('class="yes"') for drawing in re.findall(r'(?s)<svg class="ten".*?</svg>', page)}
    spoken = {int(number) for number in re.findall(r"(\d+) (?:élèves?|enfants?) sur 10", text)}
    return {int(number) for number in re.findall(r"(\d+)\s?%", text)} | bars, spoken | filled


def strange(page: str, allowed: tuple[set[int], set[int]]) -> set[int]:
    """The numbers on a page that do not follow from what is allowed."""
    percents, tenths = numbers(page)
    return (percents - allowed[0]) | (tenths - allowed[1])


FURNITURE = re.compile(
    r"(?:octobre|novembre) 20\d\d|Publication n° .*? par carte"
    r"|Sous 10 réponses|moins de 10 réponses|De 1 à 4|\(1998\)|\b[3-6]e\b|3018"
    r"|\d+ questionnaires au moins sont arrivés|\d+ classes? ont participé|Close le [^.]*\.|Solberg.*?10047"
)


def test_every_number_on_every_page_follows_from_released_cells(town: Town) -> None:
    earlier, campaign = closed(town, 40, 30, BEFORE), closed(town, 61, 12)
    head = town.browser("head")
    for page in PAGES:
        text = head.get(address(campaign, page)).text
        percents, tenths = numbers(text)
        assert percents or tenths, page
        assert not strange(text, derivable(town, campaign, earlier)), page
        rest = re.sub(
            r"\d+\s?%|\d+ (?:élèves?|enfants?) sur 10", "", FURNITURE.sub("", THRESHOLDS.sub("", words(text)))
        )
        assert not re.findall(r"\d+", rest), page
    allowed = derivable(town, campaign)
    with ZipFile(BytesIO(head.get(address(campaign, "/numbers.zip")).data)) as archive:
        table = archive.read("cells.csv").decode().splitlines()[1:]
    shown = [line.split(",") for line in table if not line.endswith(("hidden_few", "hidden_small"))]
    assert shown
    assert {int(share) for _level, _item, answer, _count, share, _status in shown if answer != "(answered)"} <= allowed[
        0
    ]
    counts = {count for items in cells(town, campaign).values() for mine in items.values() for count in mine.values()}
    assert {int(count) for _level, _item, _answer, count, _share, _status in shown} <= counts


def test_a_number_from_elsewhere_would_be_seen(town: Town) -> None:
    """Control: pages made while more was in the table than was released."""
    campaign = closed(town, 61, 12)
    head, place = town.browser("head"), {"campaign_id": campaign.id, "establishment_id": campaign.establishment_id}
    allowed = derivable(town, campaign)
    item = {"item": "climate_respect", **place}
    with town.house.database.writing() as db:
        for choice, count in ((ANSWERED, 73), (ABOVE, 31), ("agree", 3)):
            db.execute(insert(ResultCell).values(id=uuid4(), choice=choice, count=count, **item))
    assert {42, 4} <= strange(head.get(address(campaign)).text, allowed)  # 31 and 3 of 73
    assert 42 in strange(head.get(address(campaign, "/report")).text, allowed)
    with town.house.database.writing() as db:
        db.execute(delete(ResultCell).where(ResultCell.establishment_id == campaign.establishment_id))
    forget(town)
    for page in PAGES:
        assert numbers(head.get(address(campaign, page)).text) == (set(), set()), page


def forget(town: Town) -> None:
    """What a process remembers of released numbers goes with it."""
    town.app.extensions["ent"] = replace(town.house, kept=Kept())


def the_others(town: Town, campaign: Campaign, happy: int) -> None:
    """Another school's results, under the same id as a campaign of the collège."""
    place = {"establishment_id": town.schools[OTHER], "campaign_id": campaign.id}
    same = {column.key: getattr(campaign, column.key) for column in Campaign.__table__.columns}
    shown = {"release": Release.SHOWN, "record": b"", "record_signature": b""}
    counts = {ANSWERED: 80, ABOVE: happy, "agree": happy}
    with town.house.database.writing() as db:
        db.add(Campaign(**{**same, "establishment_id": town.schools[OTHER], "state": State.RELEASED, "ended_at": NOON}))
        db.add(Closing(**place, **shown, closed_on=DAY, taken=80, classes=2))
        db.add_all(ResultCell(**place, item="climate_help", choice=one, count=count) for one, count in counts.items())


def test_a_head_reads_the_results_of_the_own_school_in_the_own_language_whoever_asked_first(town: Town) -> None:
    campaign = closed(town, 61, 12)
    the_others(town, campaign, 20)
    first, other = town.browser("head"), town.browser("other_head")
    for _visit in range(2):
        assert {84, 16} <= numbers(first.get(address(campaign)).text)[0]  # 61 and 12 of 73
        assert numbers(other.get(address(campaign)).text)[0] == {25}  # 20 of 80
        assert "Rapport" not in words(town.browser("head", "ar").get(address(campaign)).text)
    assert town.browser("paul").get(address(campaign)).status_code == 404


def test_a_page_kept_without_its_school_would_be_seen(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: the same, where the school is left out of what a kept page is found by."""
    campaign = closed(town, 61, 12)
    the_others(town, campaign, 20)
    monkeypatch.setattr(results_views, "part", lambda name, of, values: pages.part(name, of[1:], values))
    town.browser("head").get(address(campaign))
    assert numbers(town.browser("other_head").get(address(campaign)).text)[0] != {25}


@contextmanager
def read_from(town: Town) -> Iterator[set[str]]:
    """The tables from which the block reads."""
    tables: set[str] = set()

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        tables.update(re.findall(r"(?:FROM|JOIN) (ent_\w+)", statement))

    engine = town.house.database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield tables
    event.remove(engine, "before_cursor_execute", note)


def test_pages_of_results_read_neither_ballots_nor_who_took_part(town: Town) -> None:
    closed(town, 40, 30, BEFORE)
    campaign, head = closed(town, 61, 12), town.browser("head")
    running = started(town, "6e A", uai=OTHER)
    for page in (*PAGES, "/report.pdf", "/numbers.zip"):
        with read_from(town) as tables:
            assert head.get(address(campaign, page)).status_code == 200
        assert "ent_result_cell" in tables
        unread = {"ent_sealed_ballot", "ent_issuance", "ent_ballot_card", "ent_spent_token", "ent_campaign_class"}
        assert not tables & unread
    with read_from(town) as tables:
        town.browser("other_head").get(address(running))
    assert "ent_sealed_ballot" in tables  # control


def test_an_open_or_a_silent_campaign_has_none_of_these_pages(town: Town) -> None:
    running = started(town, "6e B")
    few = started(town, "6e A", "5e C", uai=OTHER)
    fill(town, few, {"6e A": [CALM] * 5})
    shut(town, few)
    for campaign, head in ((running, "head"), (few, "other_head")):
        for page in ("/report", "/report.pdf", "/numbers.zip", "/together"):
            assert town.browser(head).get(address(campaign, page)).status_code == 404


def test_what_changed_is_said_in_words(town: Town) -> None:
    closed(town, 40, 30, BEFORE)
    told = words(town.browser("head").get(address(closed(town, 70, 5))).text)
    assert "Depuis l’enquête précédente" in told
    assert "combien de fois des élèves t’ont-ils fait cela ? novembre 2025 43 % octobre 2026 7 % a baissé" in told
    assert "Je me sens en sécurité ici. novembre 2025 57 % octobre 2026 93 % a augmenté" in told


BASELINE, AFTER = date(2026, 10, 5), date(2027, 3, 15)


def test_two_waves_of_one_school_year_are_told_apart_wherever_they_are_named(town: Town) -> None:
    """A baseline in October, the same again in March."""
    first, second = closed(town, 40, 30, BASELINE), closed(town, 70, 5, AFTER, again=True)
    head = town.browser("head")
    listed = words(head.get("/staff/surveys/campaigns").text)
    assert "· octobre 2026 " in listed
    assert "· mars 2027, n° 2 " in listed
    told = words(head.get(address(second)).text)
    assert "Depuis l’enquête précédente · octobre 2026" in told
    assert "t’ont-ils fait cela ? octobre 2026 43 % mars 2027, n° 2 7 % a baissé" in told
    report = words(head.get(address(second, "/report")).text)
    assert "Question octobre 2026 mars 2027, n° 2 A-t-elle changé" in report
    assert "2026-2027" not in told + report + listed
    assert "octobre 2026" in words(head.get(address(first, "/together")).text)
    assert described(head.get(address(first, "/numbers.zip")).data)["title"].endswith(", October 2026")
    assert described(head.get(address(second, "/numbers.zip")).data)["name"] == "school-climate-2027-03-2"


def test_two_waves_of_one_month_are_told_apart_by_their_number(town: Town) -> None:
    closed(town, 40, 30, BASELINE)
    told = words(town.browser("head").get(address(closed(town, 70, 5, date(2026, 10, 26), again=True))).text)
    assert "octobre 2026 43 % octobre 2026, n° 2 7 % a baissé" in told


def described(package: bytes) -> dict[str, Any]:
    with ZipFile(BytesIO(package)) as archive:
        told: dict[str, Any] = json.loads(archive.read("datapackage.json"))
    return told


def test_number_and_rules_stand_at_the_end_of_what_is_read_and_taken_away(town: Town) -> None:
    """As the signed record names them, not as they are by now."""
    closed(town, 40, 30, BEFORE)
    campaign, head = closed(town, 61, 12), town.browser("head")
    for page in ("", "/report"):
        told = words(head.get(address(campaign, page)).text)
        assert "Publication n° 2 de cet établissement, signée. Règles, version 1 : rien sous 10 réponses" in told
    package = described(head.get(address(campaign, "/numbers.zip")).data)
    assert package["participation"] == {"ballots_at_least": 70, "classes": 2}
    assert package["release"]["number"] == 2
    assert (package["release"]["rules"]["floor"], package["release"]["rules"]["small"]) == (10, 5)
    with town.house.database.reading() as db:
        found = select(Closing.record).where(
            Closing.establishment_id == campaign.establishment_id, Closing.campaign_id == campaign.id
        )
        assert package["release"]["record_sha256"] == sha256(db.scalars(found).one()).hexdigest()


def test_what_was_closed_before_there_were_numbers_is_read_without_one(town: Town) -> None:
    campaign, head = closed(town, 61, 12), town.browser("head")
    with town.house.database.writing() as db:
        db.execute(
            update(Closing).where(Closing.establishment_id == campaign.establishment_id).values(record=b'{"v":2}')
        )
    assert "Publication n°" not in words(head.get(address(campaign)).text)
    assert "release" not in described(head.get(address(campaign, "/numbers.zip")).data)


READ_BY_THE_COUNCIL = {
    "fr": ("% des élèves qui ont répondu disent", "Seuil : 10 % ou plus", "un petit nombre est bon signe", "décidons"),
    "en": ("% of the pupils who answered say", "Threshold: 10% or more", "a small number is a good sign", "decide"),
    "ar": ("من التلاميذ الذين أجابوا يقولون", "العتبة: 10% أو أكثر", "العدد الصغير علامة جيدة", "ما نقرره"),
}


@pytest.mark.parametrize("language", READ_BY_THE_COUNCIL)
def test_the_council_reads_of_whom_with_which_cut_off_and_which_numbers_are_good_when_small(
    town: Town, language: str
) -> None:
    tallies = {
        "bullied": {"never": 61, "weekly": 12},
        "climate_noise": {"disagree": 53, "agree": 20},
        "climate_rules": {"disagree": 20, "agree": 53},
    }
    campaign = released(town, tallies, 73)
    told = words(town.browser("head", language).get(address(campaign, "/report")).text)
    for sentence in READ_BY_THE_COUNCIL[language]:
        assert sentence in told
    good = READ_BY_THE_COUNCIL[language][2]
    asked = {one.id: " ".join(one.wording("college")[language].split()) for one in climate().items("college")}
    assert f"{asked['climate_noise']} ({good})" in told
    assert f"{asked['climate_rules']} ({good})" not in told
    assert told.count(asked["bullied"]) == 1  # in the table: what it suggests is said in adults' words
    assert "Cut-off" not in told
    assert "Solberg" in told


def test_what_chance_explains_is_not_said_to_have_changed(town: Town) -> None:
    closed(town, 40, 30, BEFORE)
    told = words(town.browser("head").get(address(closed(town, 44, 29))).text)
    assert "nous ne pouvons dire d’aucune réponse qu’elle a changé" in told
    assert "nous ne pouvons pas dire que cela a changé" in told
    assert "a baissé" not in told
    assert "a augmenté" not in told


def test_one_may_choose_an_older_wave_and_no_other_schools(town: Town) -> None:
    first, second = closed(town, 20, 50, LONG_AGO), closed(town, 40, 30, BEFORE)
    campaign, head = closed(town, 61, 12), town.browser("head")
    page = head.get(address(campaign)).text
    assert f"?with={first.id}" in page
    told = words(head.get(address(campaign, f"?with={first.id}")).text)
    assert "Depuis une enquête plus ancienne" in told
    assert "novembre 2024 71 %" in told
    assert "novembre 2025 43 %" not in told
    for other in (uuid4(), campaign.id, "x", second.id):
        assert "Depuis l’enquête précédente" in words(head.get(address(campaign, f"?with={other}")).text)
    assert "novembre 2024" in words(head.get(address(second)).text)  # an earlier one compares with what came before it
    assert "octobre 2026" not in words(head.get(address(second)).text)


def test_a_wave_of_another_questionnaire_or_one_not_shown_is_none(town: Town) -> None:
    with town.house.database.writing() as db:
        few = start(town, db, "6e B", "5e A", day=BEFORE)
    fill(town, few, {"6e B": [CALM] * 5})
    shut(town, few)
    told = words(town.browser("head").get(address(closed(town, 61, 12))).text)
    assert "novembre 2025" not in told
    assert "Depuis" not in told.replace("Depuis le début", "")


def test_places_are_on_the_page_of_the_adults_and_nowhere_else(town: Town) -> None:
    campaign = closed(town, 61, 12)
    head = town.browser("head")
    results = head.get(address(campaign)).text
    places = results.partition('<section class="places"')[2].partition("</section>")[0]
    assert "Dans la cour" in places
    assert "Dans la cour" not in results.replace(places, "")
    for page in ("/report", "/together"):
        assert "Dans la cour" not in unescape(head.get(address(campaign, page)).text)
    styles = (Path(surveys.__file__).parent / "static" / "results.css").read_text("utf-8")
    assert ".places," in styles.partition("@media print")[2].partition("display: none")[0]


@pytest.mark.parametrize("who", ["head", "alba", "roux"])
def test_heads_and_teachers_read_the_classes_version(town: Town, who: str) -> None:
    campaign = closed(town, 61, 12)
    told = words(town.browser(who).get(address(campaign, "/together")).text)
    assert "Environ 8 élèves sur 10 Dans ma classe, les élèves s’aident entre eux." in told
    assert "On parle de l’établissement, jamais d’un élève." in told
    assert "harcel" not in told.lower()
    assert not re.search(r"\d+\s?%", told)


def test_others_do_not_and_teachers_read_nothing_else(town: Town) -> None:
    campaign = closed(town, 61, 12)
    for who in ("lina", "karim", "petit", "ines", "admin", "clerk"):
        assert town.browser(who).get(address(campaign, "/together")).status_code == 403
    assert town.browser("other_head").get(address(campaign, "/together")).status_code == 404
    for page in ("", "/report", "/report.pdf", "/numbers.zip"):
        assert town.browser("alba").get(address(campaign, page)).status_code in {403, 404}


def test_a_teacher_finds_the_classes_version_once_results_are_released(town: Town) -> None:
    with town.house.database.writing() as db:
        campaign = start(town, db, "6e B", "5e A")
    alba = town.browser("alba")
    link = f"/ent{address(campaign, '/together')}"
    assert link not in alba.get("/staff/surveys").text
    fill(town, campaign, {"6e B": [CALM] * 20, "5e A": [CALM] * 20})
    shut(town, campaign)
    assert link in alba.get("/staff/surveys").text


def test_a_class_of_an_ecole_reads_its_own_words(town: Town) -> None:
    tallies = {item: {"agree": 34, "disagree": 10} for item in ("climate_help", "climate_listen", "safety_school")}
    campaign = released(town, tallies, 44, uai=ECOLE)
    told = words(newcomer(town, "Odile Fabre", ECOLE, Role.HEAD).get(address(campaign, "/together")).text)
    assert "Environ 8 enfants sur 10 Dans ma classe, on s’aide." in told
    assert "On parle de l’école, jamais d’un élève." in told
    assert "élèves sur 10" not in told


def unpacked(data: bytes) -> Iterator[bytes]:
    """The streams of a PDF file that are compressed."""
    for stream in re.findall(rb"(?s)stream\r?\n(.*?)\r?\nendstream", data):
        with suppress(zlib.error):
            yield zlib.decompress(stream)


def test_the_report_is_made_as_a_tagged_pdf_of_two_pages_at_most(town: Town) -> None:
    closed(town, 40, 30, BEFORE)
    campaign = closed(town, 61, 12)
    head = town.browser("head")
    assert f"{address(campaign, '/report.pdf')}" in head.get(address(campaign, "/report")).text
    answer = head.get(address(campaign, "/report.pdf"))
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{campaign.id}.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data.startswith(b"%PDF")
    inside = answer.data + b"".join(unpacked(answer.data))
    assert b"/MarkInfo" in inside
    assert re.search(rb"/Count [12]\b", inside)


def test_without_the_extra_there_is_no_button_and_no_file(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign, head = closed(town, 61, 12), town.browser("head")
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    pdf.is_installed.cache_clear()
    try:
        assert "report.pdf" not in head.get(address(campaign, "/report")).text
        assert head.get(address(campaign, "/report.pdf")).status_code == 404
    finally:
        pdf.is_installed.cache_clear()


@pytest.mark.parametrize(
    "asked",
    [
        "file:///etc/hostname",
        "https://example.org/x.css",
        "https://ent.invalid/ent/staff/desk",
        "https://ent.invalid/ent/static/000000000000/../../x",
        "https://ent.invalid.example/ent/static/0/web/ent.css",
        "data:text/css,a",
    ],
)
def test_a_pdf_is_made_of_our_own_files_only(app: Flask, asked: str) -> None:
    with app.test_request_context("/ent/staff/surveys"):
        data, kind = pdf.own_file("https://ent.invalid/ent/static/000000000000/web/ent.css")
        assert (kind, b"--paper" in data) == ("text/css", True)  # control
        with pytest.raises((ValueError, NotFound)):
            pdf.own_file(asked)


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ("Report for the council", "has gone down", "About 8 pupils in 10", "Not known")),
        ("ar", ("تقرير للمجلس", "انخفض", "نحو 8 تلاميذ من 10", "غير معروف")),
    ],
)
def test_every_page_is_there_in_each_language(town: Town, language: str, sentences: tuple[str, ...]) -> None:
    closed(town, 40, 30, BEFORE)
    campaign, head = closed(town, 61, 12), town.browser("head", language)
    told = " ".join(words(head.get(address(campaign, page)).text) for page in PAGES)
    for sentence in sentences:
        assert sentence in told
    for french in ("élèves", "question", "Réponses"):
        assert french not in told or language == "en"


def test_what_pupils_read_is_short(town: Town) -> None:
    campaign = closed(town, 61, 12)
    page = town.browser("head").get(address(campaign, "/together")).text
    pupils = page.partition('<details class="adult"')[0] + "</main>"
    assert too_long({"together": pupils}, 18) == []
