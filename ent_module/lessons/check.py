"""Reads every lesson for `check-content` and names file and line of each mistake."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from ent_module.helplines.service import known_ids
from ent_module.languages import LANGUAGES, SOURCE
from ent_module.lessons.model import rules
from ent_module.lessons.model.lesson import Unit
from ent_module.lessons.shelf import unit_of
from ent_module.rooms import Mistake
from ent_module.shelves import shelf as shelf_folder
from ent_module.web import content, prose
from ent_module.web.content import Document, Fault, MalformedError
from ent_module.web.content_check import Documents, Key, address_faults, parity, path_of, placed, read_shelf


def check_content(folder: Path | None = None) -> Iterator[Mistake]:
    """The mistakes of the units and the lessons, by file and line."""
    folder = folder or shelf_folder("lessons")
    units: list[Unit] = []
    if wrong := list(_units(folder / "units.yaml", units)):
        yield from wrong  # without the units, no lesson can be judged
        return
    documents, mistakes = read_shelf(folder, [unit.id for unit in units], quotes=True)
    yield from mistakes
    for key, document in documents.items():
        yield from placed(path_of(folder, key), _faults(documents, units, key, document))
    yield from parity(folder, documents, lambda _document: ("en",), rules.parity_faults)


def _units(path: Path, units: list[Unit]) -> Iterator[Mistake]:
    """The mistakes of units.yaml; fills `units` with those that can be used."""
    try:
        node, entries = content.load_yaml(content.read(path))
    except (MalformedError, FileNotFoundError) as error:
        yield Mistake(path, *(error.fault if isinstance(error, MalformedError) else (1, "is missing")))
        return
    if not isinstance(node, yaml.SequenceNode):
        yield Mistake(path, 1, "must be a list of units")
        return
    for entry_node, entry in zip(node.value, entries, strict=True):
        line = entry_node.start_mark.line + 1
        wrong = list(rules.unit_faults(entry, LANGUAGES))
        if not wrong and entry["id"] in {unit.id for unit in units}:
            wrong = [f"{entry['id']} is there twice"]
        yield from (Mistake(path, line, message) for message in wrong)
        if not wrong:
            units.append(unit_of(entry))


def _faults(documents: Documents, units: list[Unit], key: Key, document: Document) -> Iterator[Fault]:
    """The mistakes of one file."""
    lang, unit, _slug = key
    yield from content.front_faults(document, rules.wanted(known_ids()))
    yield from rules.lesson_faults(document, unit, units, lang)
    known = {
        "sheet": content.slugs(shelf_folder("resources")),
        "lesson": {slug for of, _in, slug in documents if of == SOURCE},
    }
    yield from prose.link_faults(document, known)
    if lang == SOURCE:
        yield from prose.french_faults(document)
        yield from address_faults(documents, key)
        yield from _same_order(documents, key, document)


def _same_order(documents: Documents, key: Key, document: Document) -> Iterator[Fault]:
    for (lang, unit, slug), other in documents.items():
        if (lang, unit) == key[:2] and slug < key[2] and other.front.get("order") == document.front.get("order"):
            yield Fault(document.line_of("order"), f"{slug} has the same order")
