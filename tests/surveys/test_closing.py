"""The end: each step once, whatever happens in between; what is left are numbers that may be shown."""

import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask.cli import FlaskGroup
from sqlalchemy import delete, event, text, update
from sqlalchemy.exc import OperationalError

from ent_module.privacy.key_store import LostKeyError
from ent_module.surveys import campaigns
from ent_module.surveys.content import questionnaires
from ent_module.surveys.model import ABOVE, ANSWERED, Answers, State
from ent_module.surveys.release import Release
from ent_module.surveys.service import closing, counting, record, rules
from ent_module.surveys.service.pool import Outcome
from ent_module.surveys.tables import Campaign, Card, Closing, Issuance, ResultCell, SealedBallot, SpentToken
from tests.support.town import COLLEGE, OTHER, Town
from tests.surveys.campaign import (
    CALM,
    HURT,
    LATER,
    NOON,
    Voter,
    cohorts,
    end,
    fill,
    reread,
    rows,
    send,
    shut,
    start,
    started,
)

TWO_CLASSES: dict[str, list[Answers]] = {
    "6e B": [HURT] * 3 + [{}] + [CALM] * 19,
    "5e A": [HURT] * 3 + [{}] + [CALM] * 19,
}


@pytest.fixture
def campaign(town: Town) -> Campaign:
    """Forty-six pupils of two classes have answered; two sent blank ballots."""
    found = started(town, "6e B", "5e A")
    fill(town, found, TWO_CLASSES)
    return found


def counted(town: Town, campaign: Campaign) -> Closing:
    with town.house.database.reading() as db:
        found = campaigns.closing_of(db, campaign.establishment_id, campaign.id)
    assert found
    return found


def test_closing_leaves_numbers_that_may_be_shown_and_nothing_else(town: Town, campaign: Campaign) -> None:
    shut(town, campaign)
    done = counted(town, campaign)
    assert (done.release, done.taken, done.classes) == (Release.SHOWN, 46, 2)
    with town.house.database.reading() as db:
        assert [rows(db, one) for one in (SealedBallot, Issuance, Card, SpentToken)] == [0, 0, 0, 46]
        assert sorted(campaigns.cells(db, campaign)) == [
            ("bullied", ANSWERED, 44),
            ("bullied", ABOVE, 6),
            ("bullied", "never", 38),
            ("bullied", "once_twice", 0),
            ("safety_school", ANSWERED, 38),
            ("safety_school", ABOVE, 38),
            ("safety_school", "agree", 38),
            ("safety_school", "disagree", 0),
            ("safety_school", "rather_agree", 0),
            ("safety_school", "rather_disagree", 0),
        ]
        found = campaigns.progress(db, campaign.establishment_id, ["6e B", "5e A"])
    assert [(one.class_code, one.opened) for one in found] == [("5e A", None), ("6e B", None)]


def test_the_record_counts_everything_once(town: Town, campaign: Campaign) -> None:
    voter = Voter.of(town, campaign)
    with town.house.database.writing() as db:
        for body in (voter.body({"bullied": ["often"]}), voter.body({"name": ["Lina"]}), voter.body("no answers")):
            assert send(db, campaign, body) is Outcome.TAKEN
    shut(town, campaign)
    told = json.loads(counted(town, campaign).record)
    figures = {name: told[name] for name in ("issued", "tokens", "cards", "valid", "spoilt")}
    assert figures == {"issued": 46, "tokens": 49, "cards": 0, "valid": 46, "spoilt": 3}


def test_whatever_is_sealed_in_a_ballot_stops_no_count(town: Town, campaign: Campaign) -> None:
    voter = Voter.of(town, campaign)
    hostile = (b"[" * 4_000, b"{" * 4_000, b"", b"\xff\xfe", b"1e999", b'{"bullied": [[]]}', b'{"bullied": null}')
    with town.house.database.writing() as db:
        for plain in hostile:
            token = voter.body({})[:492]
            assert send(db, campaign, token + voter.sealed(plain, sha256(token[:108]).digest())) is Outcome.TAKEN
    shut(town, campaign)
    told = json.loads(counted(town, campaign).record)
    assert (told["valid"], told["spoilt"]) == (46, len(hostile))


def test_a_campaign_that_cannot_be_counted_keeps_no_other_school_waiting(
    town: Town, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever of the two schools comes first, the other is counted."""
    there = started(town, "6e B", uai=OTHER)
    for one in (campaign, there):
        end(town, one)

    def count(*given: Any) -> None:
        if given[-1] == stuck.id:
            raise OperationalError("the machine stops here", None, Exception())
        counting.count(*given)

    monkeypatch.setattr(closing, "count", count)
    for stuck, other in ((campaign, there), (there, campaign)):
        with suppress(OperationalError):
            closing.finish(town.house, NOON + LATER)
        assert reread(town, other).state == State.RELEASED
        if stuck is campaign:
            assert reread(town, stuck).state == State.ENDED


def test_states_follow_each_other_and_results_come_last(town: Town, campaign: Campaign) -> None:
    end(town, campaign)
    closing.finish(town.house, NOON + timedelta(minutes=14))
    assert reread(town, campaign).state == State.ENDED  # what is on its way may still arrive
    closing.finish(town.house, NOON + timedelta(minutes=15))
    assert reread(town, campaign).state == State.RELEASED
    with pytest.raises(LostKeyError):
        town.house.store.get(campaign.id, "sealing")
    assert not list(town.house.settings.resolved_key_store.iterdir())


def test_a_second_time_changes_nothing(town: Town, campaign: Campaign) -> None:
    shut(town, campaign)
    first = counted(town, campaign)
    end(town, campaign, NOON + LATER)
    counting.count(town.house.database, town.house.store, town.house.keys, campaign.establishment_id, campaign.id)
    closing.finish(town.house, NOON + 2 * LATER)
    again = counted(town, campaign)
    assert (again.id, again.record, again.closed_on) == (first.id, first.record, first.closed_on)
    with town.house.database.reading() as db:
        assert rows(db, Closing) == 1


def crash_at(statement: int) -> Callable[..., None]:
    """Breaks the connection's work at its n-th statement that writes."""
    seen = 0

    def refuse(_connection: Any, _cursor: Any, sql: str, *_more: Any) -> None:
        nonlocal seen
        seen += sql.startswith(("INSERT", "UPDATE", "DELETE"))
        if seen == statement:
            raise OperationalError("the machine stops here", None, Exception())

    return refuse


def test_a_count_that_is_broken_off_has_written_nothing(town: Town, campaign: Campaign) -> None:
    """No row of answers and no half of the numbers, wherever it breaks off; the next tick counts all."""
    end(town, campaign)
    engine, place = town.house.database.engine, (campaign.establishment_id, campaign.id)
    for statement in range(1, 8):
        crash = crash_at(statement)
        event.listen(engine, "before_cursor_execute", crash)
        try:
            with pytest.raises(OperationalError):
                counting.count(town.house.database, town.house.store, town.house.keys, *place)
        finally:
            event.remove(engine, "before_cursor_execute", crash)
        with town.house.database.reading() as db:
            assert [rows(db, one) for one in (SealedBallot, ResultCell, Closing, SpentToken)] == [46, 0, 0, 0]
    closing.finish(town.house, NOON + LATER)
    assert json.loads(counted(town, campaign).record)["valid"] == 46


def test_a_copied_ciphertext_under_another_token_is_spoilt(town: Town, campaign: Campaign) -> None:
    """Else whoever copies a ballot ten times reads what it says in the result. A naive seal would open."""
    voter = Voter.of(town, campaign)
    victim = voter.body(HURT)
    with town.house.database.writing() as db:
        assert send(db, campaign, victim) is Outcome.TAKEN
        for _copy in range(5):
            mine = voter.body({})
            assert send(db, campaign, mine[:-4177] + victim[-4177:]) is Outcome.TAKEN
    shut(town, campaign)
    assert json.loads(counted(town, campaign).record)["spoilt"] == 5


def test_blank_ballots_do_not_make_a_result(town: Town) -> None:
    campaign = started(town, "6e B", "5e A", "4e C")
    some: list[Answers] = [CALM] * 3 + [{}] * 7
    fill(town, campaign, {"6e B": some, "5e A": some, "4e C": some})
    shut(town, campaign)
    assert counted(town, campaign).release == Release.FEW


def test_lost_keys_end_a_campaign_unopened(town: Town, campaign: Campaign) -> None:
    town.house.store.destroy(campaign.id)
    shut(town, campaign)
    assert counted(town, campaign).release == Release.LOST
    assert reread(town, campaign).state == State.RELEASED
    with town.house.database.reading() as db:
        assert [rows(db, one) for one in (SealedBallot, SpentToken, ResultCell)] == [0, 0, 0]


def test_a_store_that_is_not_mounted_loses_nothing(town: Town, campaign: Campaign) -> None:
    """A tick that cannot see the folder of keys must not take them for lost, and delete every ballot."""
    folder = town.house.settings.resolved_key_store
    end(town, campaign)
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises(LostKeyError):
        closing.finish(town.house, NOON + LATER)
    with town.house.database.reading() as db:
        assert rows(db, SealedBallot) == 46
    folder.with_name("elsewhere").rename(folder)
    closing.finish(town.house, NOON + LATER)
    assert counted(town, campaign).release == Release.SHOWN


def test_on_sqlite_a_reader_puts_off_the_end(town: Town, campaign: Campaign, backend: str) -> None:
    """Its log would still hold the ballots: SQLite says « busy » and no error."""
    end(town, campaign)
    with town.house.database.reading() as db:
        rows(db, SealedBallot)  # a reader's snapshot
        closing.finish(town.house, NOON + LATER)
        expected = State.COUNTED if backend == "sqlite" else State.RELEASED
        assert reread(town, campaign).state == expected
    closing.finish(town.house, NOON + LATER)
    assert reread(town, campaign).state == State.RELEASED


def test_what_was_sealed_is_in_no_file_afterwards(town: Town, campaign: Campaign, backend: str) -> None:
    if backend != "sqlite":
        return  # PostgreSQL keeps deleted rows until its vacuum: what is left there opens with no key
    with town.house.database.reading() as db:
        ballots = [row[0] for row in db.execute(text("SELECT sealed FROM ent_sealed_ballot"))]
    path = town.house.settings.resolved_database_url.removeprefix("sqlite:///")

    def left() -> bytes:
        return Path(path).read_bytes() + Path(f"{path}-wal").read_bytes()

    assert all(one[1000:1040] in left() for one in ballots)
    shut(town, campaign)
    assert not any(one[1000:1040] in left() for one in ballots)


def test_the_check_finds_nothing_wrong_and_each_thing_that_is(town: Town, campaign: Campaign) -> None:
    shut(town, campaign)
    place = (campaign.establishment_id, campaign.id)

    def faults() -> list[str]:
        with town.house.database.reading() as db:
            return record.faults(db, town.house.keys, *place)

    assert faults() == []
    with town.house.database.writing() as db:
        db.execute(text("UPDATE ent_result_cell SET count = count + 1 WHERE choice = 'never'"))
    assert faults() == ["the published numbers are not the ones of the record"]
    forged = secrets.token_bytes(108)
    with town.house.database.writing() as db:
        db.add(
            SpentToken(
                establishment_id=place[0],
                id=cohorts(campaign)[0],
                campaign_id=place[1],
                prepared=forged,
                signature=sha256(forged).digest() * 12,
            )
        )
    assert "a token was not signed by the campaign" in faults()
    assert "there are not as many tokens as ballots by token" in faults()


FIGURES = ("issued", "cards_made", "replaced", "cards_alone", "tokens", "cards", "valid", "spoilt")


def record_of(town: Town, school: str, ballots: list[Answers], *more: object) -> dict[str, Any]:
    """What the record of a survey of two classes says, in which so many took part."""
    there = started(town, "6e B", "5e A", uai=school)
    fill(town, there, {"6e B": ballots})
    with town.house.database.writing() as db:
        for one in more:
            send(db, there, Voter.of(town, there).body(one))
    shut(town, there)
    told: dict[str, Any] = json.loads(counted(town, there).record)
    return told


@pytest.mark.parametrize("size", [1, 9, 46])
def test_nobody_reads_in_the_record_that_all_refused_or_that_none_did(town: Town, size: int) -> None:
    blank, answered = record_of(town, COLLEGE, [{}] * size), record_of(town, OTHER, [CALM] * size)
    assert {name: blank[name] for name in FIGURES} == {name: answered[name] for name in FIGURES}
    rest = {"v", "release", "campaign", "questionnaire", "keys", "rules", "cells", "texts"}
    assert set(blank) == set(answered) == {*rest, *FIGURES}


def test_a_record_that_told_blank_ballots_apart_would_be_seen(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: the same comparison, of a record that has the figure it had before."""
    record_figures, seen = record.Figures, list[int]()
    add = counting._add  # a naive count beside it

    def noted(tally: counting.Tally, *rest: Any) -> None:
        add(tally, *rest)
        seen[:] = [tally.counted]

    monkeypatch.setattr(counting, "_add", noted)
    monkeypatch.setattr(record, "Figures", lambda **told: record_figures(**{**told, "valid": sum(seen)}))
    blank, answered = record_of(town, COLLEGE, [{}] * 9), record_of(town, OTHER, [CALM] * 9)
    assert (blank["valid"], answered["valid"]) == (0, 9)


def rewritten(town: Town, campaign: Campaign, told: dict[str, Any], *, signed: bool = True) -> None:
    """The record as somebody writes it anew who has the installation's key, or who has not."""
    written = json.dumps(told, separators=(",", ":")).encode()
    seed = town.house.keys.derive("survey-record", campaign.establishment_id.bytes)
    with town.house.database.writing() as db:
        mine = (Closing.establishment_id == campaign.establishment_id, Closing.campaign_id == campaign.id)
        changed = {"record": written}
        if signed:
            changed["record_signature"] = Ed25519PrivateKey.from_private_bytes(seed).sign(written)
        db.execute(update(Closing).where(*mine).values(changed))


def faults_of(town: Town, campaign: Campaign) -> list[str]:
    with town.house.database.reading() as db:
        return record.faults(db, town.house.keys, campaign.establishment_id, campaign.id)


def test_a_record_names_its_rules_and_the_same_cells_under_others_do_not_fit(town: Town, campaign: Campaign) -> None:
    shut(town, campaign)
    told = json.loads(counted(town, campaign).record)
    assert faults_of(town, campaign) == []
    other = {**told, "rules": {**told["rules"], "floor": 5}}
    rewritten(town, campaign, other, signed=False)
    assert "the record is not signed by this installation" in faults_of(town, campaign)
    for name in told["rules"].keys() - {"version"}:
        rewritten(town, campaign, {**told, "rules": {**told["rules"], name: told["rules"][name] + 1}})
        assert faults_of(town, campaign) == ["the rules of the record are not those of their version"], name
    for name, limit in (("floor", 39), ("small", 7)):
        rewritten(town, campaign, {**told, "rules": {**told["rules"], name: limit, "version": 2}})
        assert faults_of(town, campaign) == ["a number is told that the rules of the record hide"], name
    rewritten(town, campaign, {**told, "rules": {**told["rules"], "floor": 38, "small": 6, "version": 2}})
    assert faults_of(town, campaign) == []


def test_a_closing_under_another_constant_is_found(
    town: Town, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(rules, "FLOOR", 5)
        shut(town, campaign)
    assert faults_of(town, campaign) == ["the rules of the record are not those of their version"]


def test_a_record_of_before_is_checked_all_the_same_and_says_so(town: Town, campaign: Campaign) -> None:
    shut(town, campaign)
    told = json.loads(counted(town, campaign).record)
    old = {name: value for name, value in told.items() if name not in {"release", "rules", "valid"}}
    rewritten(town, campaign, {**old, "v": 2, "counted": 44, "blank": 2})
    done = verify(town, campaign)
    assert done.exit_code == 0, done.output
    assert "of before releases were numbered" in done.output
    rewritten(town, campaign, {**old, "v": 2, "counted": 44, "blank": 3})
    assert faults_of(town, campaign) == ["ballots do not add up"]
    rewritten(town, campaign, {**old, "v": 1})
    assert "before records told of levels" in verify(town, campaign).output


def test_releases_are_numbered_and_one_that_is_gone_or_twice_is_found(town: Town, campaign: Campaign) -> None:
    """Each closing has a number in its school, whether there is something to read or not."""
    shut(town, campaign)
    with town.house.database.writing() as db:
        fewer = start(town, db, "4e C", asked=questionnaires()["trip"])
    elsewhere = started(town, "6e B", uai=OTHER)
    for one in (fewer, elsewhere):
        shut(town, one)
    records = {one.id: json.loads(counted(town, one).record) for one in (campaign, fewer, elsewhere)}
    assert [one["release"] for one in records.values()] == [1, 2, 1]
    assert [faults_of(town, one) for one in (campaign, fewer, elsewhere)] == [[], [], []]
    rewritten(town, fewer, {**records[fewer.id], "release": 1})
    assert faults_of(town, campaign) == ["another release has the same number"]
    rewritten(town, fewer, records[fewer.id])
    with town.house.database.writing() as db:
        gone = (Closing.establishment_id == campaign.establishment_id, Closing.campaign_id == campaign.id)
        db.execute(delete(Closing).where(*gone))
    assert faults_of(town, fewer) == ["an earlier release of the school is gone"]


def verify(town: Town, campaign: Campaign) -> Result:
    return CliRunner().invoke(FlaskGroup(create_app=lambda: town.app), ["ent", "surveys", "verify", str(campaign.id)])


def test_the_command_says_what_it_checked_and_what_nobody_can(town: Town, campaign: Campaign) -> None:
    early = verify(town, campaign)
    assert (early.exit_code, "not been counted yet" in early.output) == (1, True)
    shut(town, campaign)
    done = verify(town, campaign)
    assert done.exit_code == 0, done.output
    assert "release 1 of its school, decided by version 1 of the rules" in done.output
    assert "not proven" in done.output
