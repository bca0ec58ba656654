"""Reads the units and the lessons, once a process."""

from functools import cache
from pathlib import Path
from typing import Any

import structlog
import yaml

from ent_module.helplines.service import known_ids
from ent_module.languages import LANGUAGES, SOURCE
from ent_module.lessons.model.lesson import Answer, Lesson, Lessons, Unit
from ent_module.lessons.model.outline import outline
from ent_module.lessons.model.rules import wanted
from ent_module.shelves import shelf as shelf_folder
from ent_module.web import content
from ent_module.web.content import Document, MalformedError

log = structlog.get_logger("ent")


@cache
def units(folder: Path | None = None) -> tuple[Unit, ...]:
    """The units in their order."""
    text = content.read((folder or shelf_folder("lessons")) / "units.yaml")
    return tuple(unit_of(entry) for entry in yaml.safe_load(text))


def unit_of(entry: dict[str, Any]) -> Unit:
    """The unit of a checked entry."""
    return Unit(entry["id"], entry["title"], tuple(map(str, entry["levels"])))


@cache
def lessons(folder: Path | None = None) -> Lessons:
    """All lessons by unit and order. A file that cannot be read is left out and named in the log."""
    folder = folder or shelf_folder("lessons")
    order = {unit.id: index for index, unit in enumerate(units(folder))}
    found: dict[str, dict[str, Lesson]] = {}
    for lang in LANGUAGES:  # French first
        for path in sorted((folder / lang).glob("*/*.md")):
            try:
                one = lesson_of(content.parse(content.read(path)), path.stem, lang)
            except MalformedError as error:
                log.error("content", file=path.relative_to(folder).as_posix(), line=error.fault.line)
                continue
            if one.unit in order and (lang == SOURCE or path.stem in found):
                found.setdefault(path.stem, {})[lang] = one
    return dict(sorted(found.items(), key=lambda item: (order[item[1][SOURCE].unit], item[1][SOURCE].order, item[0])))


def lesson_of(document: Document, slug: str, lang: str) -> Lesson:
    """The lesson of a parsed file. Raises MalformedError where it cannot be shown."""
    for fault in content.front_faults(document, wanted(known_ids())):
        raise MalformedError(*fault)
    parts, _faults = outline(document.body, document.body_line)
    if not parts or len(parts) != len(document.listed("first_sentences")):
        raise MalformedError(document.body_line, "parts and first sentences do not go together")
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in document.front.items()
    }
    values["likely_answers"] = tuple(Answer(**one) for one in document.front["likely_answers"])
    return Lesson(slug=slug, lang=lang, parts=parts, **values)


def find(address: str, lang: str) -> Lesson | None:
    """The lesson with that address in the reader's language, else in French."""
    for lesson in lessons().values():
        if lesson[SOURCE].address == address:
            return lesson.get(lang, lesson[SOURCE])
    return None
