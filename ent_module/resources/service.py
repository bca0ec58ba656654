"""Reads the sheets: once a process for the pages, anew for each check."""

from functools import cache
from pathlib import Path

import structlog

from ent_module.identity.model import Person
from ent_module.resources.model import FOLDERS, SOURCE, Sheet, Shelf, may_read
from ent_module.shelves import shelf as shelf_folder
from ent_module.web import content
from ent_module.web.content import Document, MalformedError
from ent_module.web.language import LANGUAGES

log = structlog.get_logger("ent")


@cache
def shelf(folder: Path | None = None) -> Shelf:
    """All sheets. A file that cannot be read is left out and named in the log: the others stay readable."""
    folder = folder or shelf_folder("resources")
    found: dict[str, dict[str, Sheet]] = {}
    for lang in LANGUAGES:  # French first
        for profile in FOLDERS:
            for path in sorted((folder / lang / profile).glob("*.md")):
                try:
                    one = sheet_of(content.parse(content.read(path)), path.stem, lang)
                except (MalformedError, KeyError, TypeError, ValueError) as error:
                    name = f"{lang}/{profile}/{path.name}"
                    log.error("content", file=name, kind=type(error).__name__)  # check-content tells the line
                    continue
                if lang == SOURCE or path.stem in found:
                    found.setdefault(path.stem, {})[lang] = one
    return found


def sheet_of(document: Document, slug: str, lang: str) -> Sheet:
    """The sheet of a parsed file. Raises KeyError or TypeError where a key is missing or of another kind."""
    front = document.front
    return Sheet(
        slug=slug,
        lang=lang,
        title=front["title"],
        summary=front["summary"],
        profiles=tuple(front["profiles"]),
        order=int(front["order"]),
        helplines=tuple(front["helplines"]),
        reviewed=front["reviewed"],
        licence=front["licence"],
        sources=tuple(front["sources"]),
        body=document.body,
    )


def find(person: Person, address: str, lang: str) -> Sheet | None:
    """The sheet with that address in the reader's language, else in French; None where there is none for them."""
    for sheet in shelf().values():
        if sheet[SOURCE].address == address:
            return sheet.get(lang, sheet[SOURCE]) if may_read(person, sheet[SOURCE]) else None
    return None
