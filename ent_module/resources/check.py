"""Reads every sheet for `check-content` and names file and line of each mistake."""

from collections.abc import Collection, Iterator
from pathlib import Path

from ent_module.helplines.service import known_ids
from ent_module.languages import SOURCE
from ent_module.resources import model
from ent_module.rooms import Mistake
from ent_module.shelves import shelf as shelf_folder
from ent_module.web import content, prose
from ent_module.web.content import Document, Fault
from ent_module.web.content_check import Documents, Key, address_faults, parity, path_of, placed, read_shelf

_ASIDE = ("data", "words")


def check_content(folder: Path | None = None) -> Iterator[Mistake]:
    """The mistakes of the sheets, by file and line."""
    folder = folder or shelf_folder("resources")
    documents, mistakes = read_shelf(folder, model.FOLDERS, aside=_ASIDE)
    yield from mistakes
    for key, document in documents.items():
        yield from placed(path_of(folder, key), _faults(documents, key, document))
    yield from parity(folder, documents, _languages, model.parity_faults)


def _languages(document: Document) -> Collection[str]:
    return model.languages_wanted(document.listed("profiles"))


def _faults(documents: Documents, key: Key, document: Document) -> Iterator[Fault]:
    """The mistakes of one file."""
    lang, profile, _slug = key
    yield from content.front_faults(document, model.wanted(known_ids()))
    yield from model.sheet_faults(document, profile, lang)
    readers = {slug: one.listed("profiles") for (of, _in, slug), one in documents.items() if of == SOURCE}
    known = {"sheet": readers, "lesson": content.slugs(shelf_folder("lessons"))}
    yield from prose.link_faults(document, known)
    yield from model.link_faults(document, readers)
    if lang == SOURCE:
        yield from prose.french_faults(document)
        yield from address_faults(documents, key)
