"""What the attack measures with: hits, the swap game, readers of files, and what an error reporter sees."""

import random  # noqa: TID251  # drawn anew in the same way each time
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from ent_module.privacy import blind
from tools.attack import canaries, files
from tools.attack.score import LIMIT, Score, one_of
from tools.attack.sheets import in_clear, sheets, spelt
from tools.attack.spoils import Spoils
from tools.attack.strategies import matching
from tools.attack.swap import Player


def scored(trials: int, hits: int, score: Score | None = None) -> Score:
    score = score or Score()
    score.trials, score.hits = trials, hits
    return score


def test_an_excess_of_a_sixth_is_an_alarm_at_a_thousand_classes_and_chance_is_none() -> None:
    assert scored(1000, 1165).alarms
    assert scored(1000, 1122).alarms
    assert not scored(1000, 1100).alarms
    assert scored(50, 84).alarms
    assert not scored(50, 77).alarms  # beyond the limit, but not as rare as the limit is meant
    assert scored(50, 77).z > LIMIT
    assert scored(2000, 1086, one_of(2)).alarms
    assert not scored(2000, 1060, one_of(2)).alarms


def test_guesses_by_lot_hit_as_often_as_chance_says() -> None:
    chance, score = random.Random(1), Score()
    for _class in range(2000):
        truth = list(map(spelt, sheets(chance, 8)))
        spoils = Spoils("sqlite", uuid4(), sorted(truth))
        guess = matching(spoils, [truth[0], truth[0], "nonsense"], chance.sample(truth, 8))
        assert sorted(guess) == sorted(truth)
        score.add(sum(one == other for one, other in zip(truth, guess, strict=True)) - 1)  # one was told
    assert abs(score.z) < 4


def test_who_plays_by_lot_wins_half_and_who_learns_wins_all() -> None:
    chance, blind_player, learner = random.Random(2), Player(), Player()
    for _class in range(60):
        truth = list(map(spelt, sheets(chance, 28)))
        blind_player.play(truth, {"lot": chance.sample(truth, 28)}, {"dice": [chance.random() for _one in truth]})
        learner.play(truth, {}, {"leak": truth})
    assert abs(blind_player.score.z) < 4
    assert learner.score.hits > 0.98 * learner.score.trials


def test_answers_are_found_however_they_are_spelt() -> None:
    (answers,) = sheets(random.Random(3), 1)
    spellings = [spelt(answers), repr(answers), spelt(answers).replace(":", ": ")]
    assert list(in_clear([f"\0{one}\n".encode() for one in spellings])) == [spelt(answers)] * 3


def test_large_rows_are_put_together_from_pages_and_log_in_the_order_in_which_they_were_written(tmp_path: Path) -> None:
    rows = [random.Random(number).randbytes(5000) for number in range(40)]
    with closing(sqlite3.connect(tmp_path / "one", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.execute("CREATE TABLE t (id BLOB PRIMARY KEY, said BLOB) WITHOUT ROWID")
        for row in rows:
            connection.execute("INSERT INTO t VALUES (?, ?)", [row[:16], row])
        before = [(tmp_path / name).read_bytes() for name in ("one", "one-wal")]
        written = list(files.as_written(*before))
    lying = files.by_overflow((tmp_path / "one").read_bytes())
    assert [next(row for row in rows if row in cell) for cell in lying] == rows
    found = dict.fromkeys(rows.index(row) for part in written for row in rows if row in part)
    assert list(found) == list(range(40))


def fault_of(signer: blind.BlindSigner) -> BaseException:
    """What is raised when the machine does not reckon rightly."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blind, "_power", lambda base, exponent, n: pow(base, exponent, n) + 1)
        with pytest.raises(blind.SigningFaultError) as raised:
            signer.sign((12345).to_bytes(384, "big"))
    return raised.value


def fault_beside(kept: object) -> BaseException:
    """What is raised in a frame that holds something."""
    with pytest.raises(ValueError, match="any") as raised:
        raise ValueError("any")
    return raised.value if kept else ValueError()


def test_an_error_reporter_that_captures_locals_sees_no_key() -> None:
    private = blind.generate()
    numbers = private.private_numbers()
    size = {name: getattr(numbers, name) for name in ("p", "q", "d", "dmp1", "dmq1", "iqmp")}
    secrets = {name: value.to_bytes((value.bit_length() + 7) // 8, "big") for name, value in size.items()}
    assert canaries.reported(fault_of(blind.BlindSigner(private)), secrets) == []
    assert canaries.reported(fault_beside({"deep": [numbers.p]}), secrets) == ["p"]
    assert canaries.reported(fault_beside(secrets["q"]), secrets) == ["q"]
