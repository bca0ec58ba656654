"""After the end of a campaign whose key is in two shares: nothing opens without both, and nothing is released before
they are torn up."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ent_module.privacy import custody
from ent_module.privacy.key_store import LostKeyError
from ent_module.surveys import campaigns
from ent_module.surveys.model import Answers, State
from ent_module.surveys.release import Release
from ent_module.surveys.service import closing, counting, record, shares
from ent_module.surveys.tables import Closing, Issuance, SealedBallot
from tests.support.database import everything
from tests.support.town import Town
from tests.surveys.campaign import CALM, HURT, end, fill, reread, rows
from tests.surveys.shared import Entrusted, entrusted

BALLOTS: dict[str, list[Answers]] = {"6e B": [HURT] * 4 + [CALM] * 18, "5e A": [HURT] * 3 + [CALM] * 19}
HOUR = timedelta(hours=1)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def ended(town: Town) -> Entrusted:
    """Forty-four pupils of two classes have answered; the head has ended it an hour ago."""
    made = entrusted(town, "6e B", "5e A")
    fill(town, made.campaign, BALLOTS)
    end(town, made.campaign, now() - HOUR)
    return made


def place(one: Entrusted, more: str = "") -> str:
    return f"/staff/surveys/campaigns/{one.campaign.id}{more}"


def state(town: Town, one: Entrusted) -> str:
    return reread(town, one.campaign).state


def test_two_adults_open_it_tear_up_their_paper_and_results_are_read(town: Town, ended: Entrusted) -> None:
    head = town.browser("head")
    closing.finish(town.house, now())
    assert state(town, ended) == State.ENDED  # the tick opens nothing
    assert "Ouvrir les réponses" in head.get(place(ended)).text
    assert "avant le" in head.get(place(ended)).text
    assert head.post(place(ended, "/opening"), ended.typed).status_code == 303
    assert state(town, ended) == State.COUNTED
    told = head.get(place(ended)).text
    assert "Il reste à déchirer la phrase et les feuilles" in told
    closing.finish(town.house, now())
    closing.finish(town.house, now())
    found = reread(town, ended.campaign)
    assert (found.state, found.wrapped) == (State.DESTROYED, None)
    assert not list(town.house.settings.resolved_key_store.iterdir())
    head.post(place(ended, "/paper"), {})  # without the tick
    closing.finish(town.house, now())
    assert state(town, ended) == State.DESTROYED
    assert head.post(place(ended, "/paper"), {"gone": "yes"}).status_code == 303
    assert "la phrase et les feuilles déchirées" in head.get(place(ended)).text
    closing.finish(town.house, now())
    assert state(town, ended) == State.RELEASED
    assert 'class="figures"' in head.get(place(ended)).text
    with town.house.database.reading() as db:
        assert record.faults(db, town.house.keys, ended.campaign.establishment_id, ended.campaign.id) == []
        assert [rows(db, one) for one in (SealedBallot, Issuance, Closing)] == [0, 0, 1]
    assert head.get(place(ended, "/opening")).status_code == 303
    assert head.post(place(ended, "/opening"), ended.typed).status_code == 303


def test_what_is_typed_wrong_is_said_where_it_is_and_nothing_is_lost(town: Town, ended: Entrusted) -> None:
    head, before = town.browser("head"), everything(town.house.database)
    groups = custody.written_paper(bytes(range(32))).split()
    mistyped = " ".join([*groups[:4], groups[5], groups[4], *groups[6:]])
    words = list(ended.shares.phrase)
    for typed, said in (
        ({"phrase": " ".join([*words[:6], "abielle"])}, "la liste des mots\u202f: abielle"),
        ({"phrase": " ".join(words[:6])}, "Nombre de mots écrits\u202f: 6"),
        ({"phrase": ""}, "Nombre de mots écrits\u202f: 0"),
        ({"paper": mistyped}, "Groupes de la feuille à relire\u202f: 5, 6"),
        ({"paper": " ".join(groups[:15])}, "Nombre de signes lus\u202f: 60"),
    ):
        answer = head.post(place(ended, "/opening"), {**ended.typed, **typed})
        assert (answer.status_code, said in answer.text) == (422, True), said
        assert answer.headers["Cache-Control"] == "no-store"
        assert all(value in answer.text for value in typed.values())
    assert everything(town.house.database) == before


def test_other_shares_open_nothing_and_are_counted(town: Town, ended: Entrusted) -> None:
    other = custody.written_paper(custody.draw().paper)
    answer = town.browser("head").post(place(ended, "/opening"), {**ended.typed, "paper": other})
    assert (answer.status_code, "Rien n’est perdu" in answer.text) == (422, True)
    found = reread(town, ended.campaign)
    assert (found.state, found.tries, found.wrapped) == (State.ENDED, 1, ended.campaign.wrapped)
    with town.house.database.reading() as db:
        assert rows(db, SealedBallot) == 44


def test_ten_tries_an_hour_and_no_process_for_an_eleventh(
    town: Town, ended: Entrusted, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = ended.campaign
    for _try in range(shares.LIMIT):
        with town.house.database.writing() as db:
            shares.take_try(db, one.establishment_id, one.id, now())
    monkeypatch.setattr(shares, "_python", lambda: "/nonexistent")
    answer = town.browser("head").post(place(ended, "/opening"), ended.typed)
    assert (answer.status_code, "attendre l’heure suivante" in answer.text) == (422, True)
    with town.house.database.writing() as db:
        shares.take_try(db, one.establishment_id, one.id, now() + HOUR)
    assert reread(town, one).tries == 1


def test_a_process_that_fails_changes_nothing(town: Town, ended: Entrusted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "_python", lambda: "/bin/false")
    answer = town.browser("head").post(place(ended, "/opening"), ended.typed)
    assert (answer.status_code, "essayer plus tard" in answer.text) == (422, True)
    assert state(town, ended) == State.ENDED


def test_nothing_opens_before_what_is_on_its_way_has_arrived(town: Town) -> None:
    made, head = entrusted(town, "6e B"), town.browser("head")
    for _open_then_ended in range(2):
        assert head.get(place(made, "/opening")).status_code == 303
        assert head.post(place(made, "/opening"), made.typed).status_code == 303
        end(town, made.campaign, now())
    assert state(town, made) == State.ENDED
    assert "Elles peuvent s’ouvrir après" in head.get(place(made)).text


def test_who_has_the_key_store_alone_counts_nothing_and_takes_nothing_for_lost(town: Town, ended: Entrusted) -> None:
    one, before = ended.campaign, everything(town.house.database)
    with pytest.raises(LostKeyError):
        counting.count(town.house.database, town.house.store, town.house.keys, one.establishment_id, one.id)
    assert everything(town.house.database) == before


def test_nobody_within_thirty_days_and_all_is_deleted_unopened(town: Town, ended: Entrusted) -> None:
    closing.finish(town.house, now() + timedelta(days=29))
    assert state(town, ended) == State.ENDED
    closing.finish(town.house, now() + timedelta(days=31))
    found = reread(town, ended.campaign)
    assert (found.state, found.wrapped) == (State.RELEASED, None)
    with town.house.database.reading() as db:
        told = campaigns.closing_of(db, found.establishment_id, found.id)
        assert told is not None
        assert (told.release, told.taken) == (Release.UNOPENED, None)
        assert [rows(db, one) for one in (SealedBallot, Issuance)] == [0, 0]
        assert record.faults(db, town.house.keys, found.establishment_id, found.id) == []
    assert "sans avoir été ouvertes" in town.browser("head").get(place(ended)).text


def test_a_paper_is_torn_up_after_the_count_only(town: Town, ended: Entrusted) -> None:
    town.browser("head").post(place(ended, "/paper"), {"gone": "yes"})
    assert reread(town, ended.campaign).shredded_on is None


@pytest.fixture
def process() -> Iterator["subprocess.Popen[bytes]"]:
    """One that waits for what it is to do."""
    command = [sys.executable, "-m", "ent_module.surveys.one_shot"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as started:
        yield started
        started.kill()


def test_the_process_that_holds_the_key_leaves_no_core_file(process: "subprocess.Popen[bytes]") -> None:
    limits, until = Path(f"/proc/{process.pid}/limits"), time.monotonic() + 30
    while not (found := re.search(r"core file size +0 ", limits.read_text())) and time.monotonic() < until:
        time.sleep(0.02)
    assert found


def test_a_process_that_is_asked_for_nonsense_tells_the_kind_of_error_alone() -> None:
    command = [sys.executable, "-m", "ent_module.surveys.one_shot"]
    done = subprocess.run(command, input=b'{"work": "sesame"}', capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b'{"failed": "KeyError"}', b"")
