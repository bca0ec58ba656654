"""Reads the questionnaires of the shelf `surveys` and names every mistake by file and line (`schema`)."""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from unicodedata import is_normalized

import yaml

from ent_module.rooms import Mistake
from ent_module.shelves import shelf
from ent_module.surveys import schema
from ent_module.surveys.model import LEVELS, LONGEST_BALLOT, Questionnaire
from ent_module.web import content
from ent_module.web.content import Fault, MalformedError

PACKS = "ent_module.survey_packs"
"""The entry points of packages that bring packs; each names the package whose YAML files they are."""


@cache
def questionnaires() -> dict[str, Questionnaire]:
    """Every questionnaire of the shelf by its id. `check_content` says whether they can be read."""
    read = (Questionnaire.from_data(yaml.safe_load(path.read_text("utf-8"))) for path in _paths())
    return {asked.id: asked for asked in read}


@cache
def packs() -> dict[str, Questionnaire]:
    """Every pack that is installed by its id: questionnaires under licences of their own, which no school is offered
    until whoever runs the installation allows it (`packs`). One with a mistake is left out."""
    read = [path for path in _packs() if not list(mistakes(path, pack=True))]
    found = (Questionnaire.from_data(yaml.safe_load(path.read_text("utf-8"))) for path in read)
    return {asked.id: asked for asked in found}


@cache
def by_digest() -> dict[str, Questionnaire]:
    """Every questionnaire of the shelf by its digest, whole and as it is asked without what no head has decided on."""
    every = (*questionnaires().values(), *packs().values())
    return {one.digest: one for whole in every for one in whole.variants}


def _paths() -> list[Path]:
    return sorted(shelf("surveys").glob("*.yaml"))


def _packs() -> list[Path]:
    folders = {Path(str(files(entry.module))) for entry in entry_points(group=PACKS)}
    return sorted(path for folder in folders for path in folder.glob("*.yaml"))


def check_content() -> Iterable[Mistake]:
    """The mistakes of all questionnaires, those of packs too."""
    for path in _paths():
        yield from mistakes(path)
    for path in _packs():
        yield from mistakes(path, pack=True)


def mistakes(path: Path, *, pack: bool = False) -> Iterator[Mistake]:
    """The mistakes of one file, in its order."""
    try:
        found = faults(content.read(path), path.stem, pack=pack)
    except MalformedError as error:
        found = [error.fault]
    yield from (Mistake(path, *fault) for fault in found)


def faults(text: str, name: str, *, pack: bool = False) -> list[Fault]:
    """What is wrong in the text of a questionnaire of that name, by line. Raises MalformedError: it is no YAML."""
    root, values = content.load_yaml(text)
    found = [
        Fault(number, "letters and accents apart: save as NFC")
        for number, line in enumerate(text.splitlines(), 1)
        if not is_normalized("NFC", line)
    ]
    found += (Fault(node.start_mark.line + 1, message) for node, message in schema.questionnaire(root, name, pack=pack))
    if not found:
        found += _too_long(Questionnaire.from_data(values))
    return sorted(found)


def _too_long(asked: Questionnaire) -> Iterator[Fault]:
    for level in LEVELS:
        if (size := asked.longest_ballot(level)) > LONGEST_BALLOT:
            yield Fault(1, f"the longest ballot at {level} has {size} bytes; at most {LONGEST_BALLOT} fit")
