"""Texts of a closed survey: none below the threshold, none beside another answer, in an order of their words alone."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import chain, zip_longest
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select, text

from ent_module.privacy import audit
from ent_module.surveys import campaigns, written
from ent_module.surveys.model import Answers, Questionnaire, State
from ent_module.surveys.release import Release
from ent_module.surveys.service import counting, record, texts
from ent_module.surveys.tables import Campaign, Closing, SurveyText
from tests.support.database import every_byte
from tests.support.life import today
from tests.support.town import COLLEGE, OTHER, Town
from tests.surveys.campaign import NOON, Voter, card, end, fill, reread, send, shut, start, started
from tests.surveys.test_written import made
from tests.surveys.test_written import text as asked_text

CALM: Answers = {"bullied": ["never"]}
CLASSES = ("6e B", "5e A")


def idea(number: int) -> str:
    return f"Plus de bancs, idée {number:02}"


def wrote(*numbers: int) -> list[Answers]:
    """Ballots with an answer and a text each."""
    return [CALM | {"idea": [idea(number)]} for number in numbers]


def closed(town: Town, *ballots: Answers) -> Campaign:
    """Two classes have answered, forty-four pupils in all: these ballots, and others without a text."""
    campaign = started(town, *CLASSES)
    every = [*ballots, *[CALM] * (44 - len(ballots))]
    fill(town, campaign, dict(zip(CLASSES, (every[::2], every[1::2]), strict=True)))
    shut(town, campaign)
    return campaign


def kept(town: Town, campaign: Campaign) -> list[tuple[str, str]]:
    with town.house.database.reading() as db:
        found = texts.texts_of(db, campaign)
    return [(item, one.body) for item, several in found.items() for one in several]


def faults(town: Town, campaign: Campaign) -> list[str]:
    with town.house.database.reading() as db:
        return record.faults(db, town.house.keys, campaign.establishment_id, campaign.id)


def closing_of(town: Town, campaign: Campaign) -> Closing:
    with town.house.database.reading() as db:
        found = campaigns.closing_of(db, campaign.establishment_id, campaign.id)
    assert found
    return found


def told(town: Town, campaign: Campaign) -> dict[str, int]:
    found: dict[str, int] = json.loads(closing_of(town, campaign).record)["texts"]
    return found


# --- The threshold ---------------------------------------------------------------------------------------------------


def test_ten_texts_are_kept_and_nothing_of_them_is_among_the_numbers(town: Town) -> None:
    campaign = closed(town, *wrote(*range(10)))
    assert kept(town, campaign) == [("idea", idea(number)) for number in range(10)]
    assert told(town, campaign) == {"idea": 10}
    assert faults(town, campaign) == []
    with town.house.database.reading() as db:
        assert {item for item, _choice, _count in campaigns.cells(db, campaign)} == {"bullied"}


@pytest.mark.parametrize("count", [1, 9])
def test_fewer_are_dropped_and_nobody_learns_how_many(town: Town, count: int) -> None:
    campaign = closed(town, *wrote(*range(count)))
    assert closing_of(town, campaign).release == Release.SHOWN
    assert (kept(town, campaign), told(town, campaign)) == ([], {})
    with town.house.database.reading() as db:
        assert b"Plus de bancs" not in every_byte(db)


def test_without_results_there_are_no_texts(town: Town) -> None:
    """Forty texts of one class: its results are never shown, and neither are they."""
    campaign = started(town, "6e B")
    fill(town, campaign, {"6e B": wrote(*range(30))})
    shut(town, campaign)
    assert closing_of(town, campaign).release == Release.ONE_CLASS
    assert (kept(town, campaign), told(town, campaign)) == ([], {})


def test_an_adult_with_cards_writes_no_nine_texts_around_one(town: Town) -> None:
    """What one adult may have sent makes no result: nine of ten by cards, and the tenth would stand alone."""
    campaign = started(town, *CLASSES)
    fill(town, campaign, {"6e B": [*wrote(*range(7)), *[CALM] * 14], "5e A": [CALM] * 21})
    nobody = town.app.test_client()
    for code in (card(town, campaign, class_code) for class_code in CLASSES for _one in range(2)):
        answer = nobody.post("/ent-ballots/card/answers", data={"code": code, "idea": "Moi"})
        assert answer.status_code == 200
    shut(town, campaign)
    assert closing_of(town, campaign).release == Release.SHOWN
    assert (kept(town, campaign), told(town, campaign)) == ([], {})


def test_a_text_too_long_spoils_the_ballot(town: Town) -> None:
    campaign = started(town, *CLASSES)
    fill(town, campaign, {"6e B": [CALM] * 22, "5e A": [CALM] * 22})
    with town.house.database.writing() as db:
        send(db, campaign, Voter.of(town, campaign).body({"idea": ["x" * 201]}))
    shut(town, campaign)
    assert json.loads(closing_of(town, campaign).record)["spoilt"] == 1


# --- The order -------------------------------------------------------------------------------------------------------

TWO = Questionnaire.from_data(made(asked_text(id="first"), asked_text(id="second")))
Kept = Callable[[Mapping[str, Sequence[str]], Mapping[str, int]], Iterator[tuple[str, str]]]


def as_they_came(found: Mapping[str, Sequence[str]], _known: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """A naive variant: question by question, each in the order in which ballots were opened."""
    return ((item, one) for item, several in found.items() for one in several)


def ballot_by_ballot(found: Mapping[str, Sequence[str]], _known: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """A naive variant: what one ballot says to both questions stands together."""
    return chain.from_iterable(zip_longest(*([(item, one) for one in several] for item, several in found.items())))


def written_by(town: Town, uai: str, ballots: list[Answers]) -> list[tuple[str, str]]:
    """What the counting of these ballots, sent in this order, writes of texts, in the order of writing: that of the
    log of the database, and on PostgreSQL of its pages."""
    with town.house.database.writing() as db:
        campaign = start(town, db, *CLASSES, uai=uai, asked=TWO)
    fill(town, campaign, dict(zip(CLASSES, (ballots[::2], ballots[1::2]), strict=True)))
    seen: list[tuple[str, str]] = []

    def watch(_connection: Any, _cursor: Any, sql: str, given: Any, *_more: Any) -> None:
        if sql.startswith("INSERT INTO ent_survey_text"):
            for row in given if isinstance(given, list) else [given]:
                values = [str(one) for one in (row.values() if isinstance(row, Mapping) else row)]
                seen.extend(
                    (item, one) for item in ("first", "second") if item in values for one in values if "Texte" in one
                )

    event.listen(town.house.database.engine, "before_cursor_execute", watch)
    try:
        shut(town, campaign)
    finally:
        event.remove(town.house.database.engine, "before_cursor_execute", watch)
    return seen


def order_tells_nothing(town: Town) -> bool:
    """Whether the same ballots in two orders leave the same thing, and neighbours are no sign of one writer."""
    ballots: list[Answers] = [
        {"calm": ["yes_"], "first": [f"Texte {number:02}"], "second": [f"Texte {97 * number % 50:02}"]}
        for number in range(48)
    ]
    there = [written_by(town, COLLEGE, ballots), written_by(town, OTHER, ballots[::-1])]
    assert [len(one) for one in there] == [96, 96]
    return there[0] == there[1] and [item for item, _one in there[0]] == ["first"] * 48 + ["second"] * 48


def test_nothing_tells_when_a_text_came_or_what_else_its_writer_wrote(town: Town) -> None:
    assert order_tells_nothing(town)


@pytest.mark.parametrize("naive", [as_they_came, ballot_by_ballot])
def test_naive_ways_of_writing_them_are_caught(town: Town, monkeypatch: pytest.MonkeyPatch, naive: Kept) -> None:
    monkeypatch.setattr(written, "kept", naive)
    assert not order_tells_nothing(town)


def test_a_row_of_a_text_says_nothing_but_its_question(town: Town) -> None:
    campaign = closed(town, *wrote(*range(12)))
    columns = {column.name for column in SurveyText.__table__.columns}
    assert columns == {"establishment_id", "id", "campaign_id", "item", "body", "signature"}
    with town.house.database.reading() as db:
        ids = list(db.scalars(select(SurveyText.id).where(SurveyText.establishment_id == campaign.establishment_id)))
    assert {one.version for one in ids} == {4}


# --- Afterwards ------------------------------------------------------------------------------------------------------


def test_the_check_finds_a_text_that_was_changed_or_added_and_none_that_was_removed(town: Town) -> None:
    campaign = closed(town, *wrote(*range(10)))
    by = town.membership("head").account_id
    with town.house.database.writing() as db:
        gone = texts.texts_of(db, campaign)["idea"][3]
        texts.remove(db, gone, by, today())
    assert faults(town, campaign) == []
    assert idea(3) not in [body for _item, body in kept(town, campaign)]
    with town.house.database.writing() as db:
        db.execute(text("UPDATE ent_survey_text SET body = 'autre' WHERE body = :one"), {"one": idea(4)})
    assert faults(town, campaign) == ["a text was not kept at the closing"]
    with town.house.database.writing() as db:
        place = {"establishment_id": campaign.establishment_id, "campaign_id": campaign.id}
        for number in range(2):
            db.add(SurveyText(**place, id=UUID(int=number), item="idea", body="encore", signature=b""))
    assert "more texts to a question than were kept" in faults(town, campaign)


def test_what_is_removed_is_noted_without_its_words_and_leaves_no_trace(town: Town) -> None:
    campaign = closed(town, *wrote(*range(10)))
    with town.house.database.writing() as db:
        texts.remove(db, texts.texts_of(db, campaign)["idea"][3], town.membership("head").account_id, today())
    with town.house.database.reading() as db:
        [line] = audit.lines(db, campaign.establishment_id, {"survey.text_removed"}, today())
        assert line.object_id == campaign.id
        assert idea(3).encode() not in every_byte(db)
        assert idea(4).encode() in every_byte(db)  # control


def test_they_go_a_year_after_the_end_and_numbers_stay(town: Town) -> None:
    campaign = closed(town, *wrote(*range(10)))
    texts.forget(town.house, NOON + timedelta(days=365))
    assert len(kept(town, campaign)) == 10
    texts.forget(town.house, NOON + timedelta(days=366))
    assert kept(town, campaign) == []
    assert reread(town, campaign).state == State.RELEASED
    assert faults(town, campaign) == []


def test_a_count_that_is_broken_off_has_written_no_text(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = started(town, *CLASSES)
    fill(town, campaign, {"6e B": wrote(*range(22)), "5e A": [CALM] * 22})
    end(town, campaign)

    def stop(*_given: object) -> None:
        raise OSError("the machine stops here")

    place = (campaign.establishment_id, campaign.id)
    with monkeypatch.context() as broken:
        broken.setattr(counting, "_keep_tokens", stop)
        with pytest.raises(OSError, match="stops here"):
            counting.count(town.house.database, town.house.store, town.house.keys, *place)
    with town.house.database.reading() as db:
        assert b"Plus de bancs" not in every_byte(db)
    shut(town, campaign)
    assert len(kept(town, campaign)) == 22
