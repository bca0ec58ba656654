"""The master key's file and its papers: made once, split so that one paper tells nothing, tried without a trace."""

from itertools import combinations, permutations
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from ent_module.cli import group
from ent_module.privacy import escrow

KEYS = st.binary(min_size=32, max_size=32)


@given(KEYS)
def test_any_two_papers_give_the_key_in_any_order(key: bytes) -> None:
    for one, other in permutations(escrow.split(key), 2):
        assert escrow.joined(one, other) == key


@given(KEYS, KEYS)
def test_one_paper_fits_every_key(key: bytes, other: bytes) -> None:
    """For each paper there is a second one by which it gives any other key: so it tells nothing of its own."""
    for paper in escrow.split(key):
        for second in escrow.split(key):
            if second.number == paper.number:
                continue
            mates = [at for at in (0, 1) if (second.number - 1 + at) % 3 not in {paper.number - 1, paper.number % 3}]
            parts = list(second.parts)
            shared = 1 - mates[0]
            parts[shared] = paper.parts[((second.number - 1 + shared) - (paper.number - 1)) % 3]
            lacking = bytes(32)
            for part in (other, *paper.parts):
                lacking = bytes(left ^ right for left, right in zip(lacking, part, strict=True))
            parts[mates[0]] = lacking
            assert escrow.joined(paper, escrow.Paper(second.number, (parts[0], parts[1]))) == other


def test_no_part_is_the_key_itself() -> None:
    """Control: a split that leaves the key as a part would fail here."""
    key = bytes(range(32))
    assert all(key not in paper.parts for paper in escrow.split(key))


def test_one_paper_twice_or_of_two_escrows_gives_nothing() -> None:
    key = bytes(range(32))
    first, again = escrow.split(key), escrow.split(key)
    for paper in first:
        with pytest.raises(escrow.WrongPapersError):
            escrow.joined(paper, paper)
    for one, other in combinations(range(3), 2):
        with pytest.raises(escrow.WrongPapersError):
            escrow.joined(first[one], again[other])


def test_a_mistake_is_found_in_its_group() -> None:
    paper = escrow.split(bytes(range(32)))[0]
    line, rest = escrow.written(paper)
    assert escrow.read(1, [line.lower(), rest]) == paper
    found = 0
    groups = line.split()
    for at, group_ in enumerate(groups):
        broken = ("B" if group_[0] != "B" else "C") + group_[1:]
        found += _is_found(" ".join([*groups[:at], broken, *groups[at + 1 :]]), rest, at + 1)
    assert found > len(groups) / 2  # each mistake but one in sixteen


def _is_found(line: str, rest: str, group_: int) -> bool:
    try:
        escrow.read(1, [line, rest])
    except escrow.UnreadPaperError as error:
        return error.wrong == (group_,)
    return False


# --- Commands ---------------------------------------------------------------------------------------------------------


def run(folder: Path, *words: str, typed: str = "") -> tuple[int, str]:
    done = CliRunner().invoke(group, ["keys", *words], input=typed, env={"ENT_KEY_FILE": str(folder / "master.key")})
    return done.exit_code, done.output


def papers_in(output: str) -> list[list[str]]:
    lines = [line[3:] for line in output.splitlines() if line.startswith(("A  ", "B  "))]
    return [lines[at : at + 2] for at in (0, 2, 4)]


def test_init_makes_a_file_for_its_owner_alone_and_never_another(tmp_path: Path) -> None:
    file = tmp_path / "master.key"
    assert run(tmp_path, "init")[0] == 0
    made = file.read_bytes()
    assert (len(made), file.stat().st_mode & 0o777) == (32, 0o600)
    code, said = run(tmp_path, "init")
    assert code != 0
    assert "not touched" in said
    assert file.read_bytes() == made


def test_two_papers_are_rehearsed_and_nothing_is_written_or_said(tmp_path: Path) -> None:
    run(tmp_path, "init")
    first, second, third = papers_in(run(tmp_path, "escrow")[1])
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    for (a, one), (b, other) in combinations(((1, first), (2, second), (3, third)), 2):
        code, said = run(tmp_path, "rehearse", typed="\n".join([str(a), *one, str(b), *other, ""]))
        assert code == 0, said
        assert "give the key in use" in said
        assert not any(line in said for line in (*one, *other))
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_papers_of_another_key_are_told(tmp_path: Path) -> None:
    run(tmp_path, "init")
    one, other, _third = papers_in(run(tmp_path, "escrow")[1])
    (tmp_path / "master.key").write_bytes(bytes(32))
    code, said = run(tmp_path, "rehearse", typed="\n".join(["1", *one, "2", *other, ""]))
    assert code != 0
    assert "another key" in said
    code, said = run(tmp_path, "rehearse", typed="\n".join(["1", *one, "1", *one, ""]))
    assert code != 0
    assert "do not belong together" in said


def test_without_a_file_it_says_so(tmp_path: Path) -> None:
    for word in ("escrow", "rehearse"):
        assert run(tmp_path, word)[0] != 0
