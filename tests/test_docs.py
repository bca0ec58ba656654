"""What the documents say of the program exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
LINE = re.compile(r"^\| (\d+) \|(.*)$", re.MULTILINE)


@cache
def names_in(path: str) -> frozenset[str]:
    """The names of a file's tests; none where there is no such file."""
    if not (ROOT / path).is_file():
        return frozenset()
    body = ast.parse((ROOT / path).read_text("utf-8")).body
    return frozenset(one.name for one in body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_"))


def missing(text: str) -> list[str]:
    return [f"{path}::{name}" for path, name in TEST.findall(text) if name not in names_in(path)]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_test_that_a_document_names_exists(document: Path) -> None:
    assert missing(document.read_text("utf-8")) == []


def test_a_test_that_is_gone_would_be_missed() -> None:
    gone = ["tests/test_docs.py::test_gone", "tests/gone.py::test_docs"]
    here = f"`tests/test_docs.py::{test_a_test_that_is_gone_would_be_missed.__name__}`"
    assert missing(" ".join([here, *(f"`{one}`" for one in gone)])) == gone


def test_every_threat_has_its_test_or_says_that_it_is_not_built_yet() -> None:
    text = (ROOT / "docs" / "threats.md").read_text("utf-8")
    lines = {int(number): rest for number, rest in LINE.findall(text)}
    assert sorted(lines) == list(range(1, 25))
    for number, rest in lines.items():
        assert TEST.search(rest) or "Not built yet" in rest, number
