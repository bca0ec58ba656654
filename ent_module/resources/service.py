"""Reads the sheets, once a process."""

from functools import cache
from pathlib import Path

import structlog

from ent_module.helplines.service import known_ids
from ent_module.identity.model import Person
from ent_module.languages import LANGUAGES, SOURCE
from ent_module.resources.model import FOLDERS, Sheet, Shelf, in_language, may_read, wanted
from ent_module.shelves import shelf as shelf_folder
from ent_module.web import content
from ent_module.web.content import Document, MalformedError

log = structlog.get_logger("ent")


@cache
def shelf(folder: Path | None = None) -> Shelf:
    """All sheets. A file that cannot be read is left out and named in the log: the others stay readable."""
    folder = folder or shelf_folder("resources")
    found: dict[str, dict[str, Sheet]] = {}
    for lang in LANGUAGES:  # French first
        for path in sorted(one for name in FOLDERS for one in (folder / lang / name).glob("*.md")):
            try:
                one = sheet_of(content.parse(content.read(path)), path.stem, lang)
            except MalformedError as error:
                log.error("content", file=path.relative_to(folder).as_posix(), line=error.fault.line)
                continue
            if lang == SOURCE or path.stem in found:
                found.setdefault(path.stem, {})[lang] = one
    return found


def sheet_of(document: Document, slug: str, lang: str) -> Sheet:
    """The sheet of a parsed file. Raises MalformedError where its front matter is not that of a sheet."""
    for fault in content.front_faults(document, wanted(known_ids())):
        raise MalformedError(*fault)
    front = document.front
    return Sheet(
        slug=slug,
        lang=lang,
        title=front["title"],
        summary=front["summary"],
        profiles=document.listed("profiles"),
        order=front["order"],
        helplines=document.listed("helplines"),
        reviewed=front["reviewed"],
        licence=front["licence"],
        sources=document.listed("sources"),
        body=document.body,
    )


def find(person: Person, address: str, lang: str) -> Sheet | None:
    """The sheet with that address in the reader's language, else in French; None where there is none for them."""
    for sheet in shelf().values():
        if sheet[SOURCE].address == address:
            return in_language(sheet, lang) if may_read(person, sheet[SOURCE]) else None
    return None
