"""What the file of a lesson must hold, so that a teacher can prepare it in ten minutes."""

from collections.abc import Collection, Iterator
from typing import Any

from ent_module.lessons.model.lesson import PROGRAMMES, WARNED, Part, Screen, Unit
from ent_module.lessons.model.outline import outline
from ent_module.web import content, prose
from ent_module.web.content import Document, Fault
from ent_module.web.prose import Level

LICENCE = "CC BY 4.0"
PARTS, STEPS, ANSWERS = 2, 4, 3
SCREEN_WORDS = 25
PART = Level(150, 400, 20)
MINUTES = (20, 25)


def wanted(helplines: Collection[str]) -> dict[str, content.Must]:
    """The keys of the front matter and what each must be. Without known helplines, nothing is said of their ids."""
    text, texts = content.must_be_text, content.must_be_texts
    return {
        "title": text,
        "unit": text,
        "order": content.must_be_whole,
        "levels": texts,
        "objectives": texts,
        "skills": texts,
        "programme": content.must_be_among(PROGRAMMES),
        "materials": texts,
        "warn_before": content.must_be_among(WARNED, empty=True),
        "not_friday_afternoon": content.must_be_flag,
        "first_sentences": texts,
        "likely_answers": _must_be_answers,
        "disclosure": text,
        "stop_here": text,
        "class_rule": text,
        "home_link": text,
        "accessibility": text,
        "helplines": content.must_be_among(helplines) if helplines else content.must_be_texts,
        "reviewed": content.must_be_day,
        "licence": content.must_be(LICENCE),
    }


def _must_be_answers(value: Any) -> str:
    fine = isinstance(value, list) and len(value) == ANSWERS
    fine = fine and all(isinstance(one, dict) and set(one) == {"pupil", "you"} for one in value)
    fine = fine and not any(content.must_be_text(text) for one in value for text in one.values())
    return "" if fine else f"must be {ANSWERS} answers, each with pupil and you"


def lesson_faults(document: Document, folder: str, units: Collection[Unit], lang: str) -> Iterator[Fault]:
    """What is wrong in one file beyond its keys: unit, levels, parts, steps, screens, minutes, length."""
    unit = next((one for one in units if one.id == folder), None)
    if unit is None:
        yield Fault(1, f"units.yaml has no {folder}")
    elif document.front.get("unit") != folder:
        yield Fault(document.line_of("unit"), f"unit must be {folder}, the folder it lies in")
    if unit and (strange := [one for one in document.listed("levels") if one not in unit.levels]):
        yield Fault(document.line_of("levels"), f"levels must be among {', '.join(unit.levels)}: {strange[0]}")
    parts, faults = outline(document.body, document.body_line)
    yield from faults
    if len(parts) != PARTS:
        yield Fault(document.body_line, f"{len(parts)} parts (##); {PARTS} wanted")
    if len(document.listed("first_sentences")) != len(parts):
        yield Fault(document.line_of("first_sentences"), "first_sentences must be one a part")
    for part, end in zip(parts, [*(one.line for one in parts[1:]), None], strict=True):
        yield from _part_faults(part)
        yield from _length_faults(document, part.line, end, lang)


def _part_faults(part: Part) -> Iterator[Fault]:
    if part.minutes and not MINUTES[0] <= part.minutes <= MINUTES[1]:
        yield Fault(part.line, f"{part.minutes} min; from {MINUTES[0]} to {MINUTES[1]}")
    if not part.aim or part.aim.startswith(">"):
        yield Fault(part.line, "the part must open with its aim")
    if len(part.steps) != STEPS:
        yield Fault(part.line, f"{len(part.steps)} steps (###); {STEPS} wanted")
    total = sum(step.minutes for step in part.steps)
    if part.steps and total != part.minutes:
        yield Fault(part.line, f"the steps take {total} min, the part {part.minutes}")
    for step in part.steps:
        if not step.screens:
            yield Fault(step.line, "the step has no screen (>)")
        for screen in step.screens:
            yield from _screen_faults(screen)


def _screen_faults(screen: Screen) -> Iterator[Fault]:
    words = sum(len(found) for _line, found in prose.sentences(screen.text))
    if words > SCREEN_WORDS:
        yield Fault(screen.line, f"a screen of {words} words; at most {SCREEN_WORDS}")
    if "](" in screen.text:
        yield Fault(screen.line, "nothing is clicked on a screen: put the link into the note")
    if not screen.note:
        yield Fault(screen.line, "the screen has no note for the teacher")


def _length_faults(document: Document, start: int, end: int | None, lang: str) -> Iterator[Fault]:
    lines = document.body.split("\n")
    shown = lines[start - document.body_line : None if end is None else end - document.body_line]
    text = "\n".join("" if line.startswith("#") else line for line in shown)
    yield from prose.level_faults(text, start, PART, lang)


def parity_faults(document: Document, french: Document) -> Iterator[Fault]:
    """Where a translation is not the same lesson as the French one: the two windows may show it in two languages."""
    for key in ("unit", "order", "levels", "programme", "warn_before", "not_friday_afternoon", "helplines"):
        if document.front.get(key) != french.front.get(key):
            yield Fault(document.line_of(key), f"{key} must be as in French")
    here, there = (outline(one.body, one.body_line)[0] for one in (document, french))
    for mine, theirs in zip(here, there, strict=False):
        for step, other in zip(mine.steps, theirs.steps, strict=False):
            if step.minutes != other.minutes:
                yield Fault(step.line, f"{step.minutes} min, {other.minutes} in French")
            if len(step.screens) != len(other.screens):
                yield Fault(step.line, f"{len(step.screens)} screens, {len(other.screens)} in French")


def unit_faults(entry: Any, languages: Collection[str]) -> Iterator[str]:
    """What is wrong in one entry of units.yaml."""
    if not isinstance(entry, dict) or set(entry) != {"id", "title", "levels"}:
        yield "a unit has id, title and levels"
        return
    if not isinstance(entry["id"], str) or not content.SLUG.fullmatch(entry["id"]):
        yield "id must be small letters, digits and hyphens"
    title = entry["title"]
    if not isinstance(title, dict) or set(title) != set(languages) or any(map(content.must_be_text, title.values())):
        yield f"title must be in {', '.join(languages)}"
    if wrong := content.must_be_texts(entry["levels"]):
        yield f"levels {wrong}"
