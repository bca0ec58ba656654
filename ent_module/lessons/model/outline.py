"""Reads the text of a lesson: parts `## Title · 25 min`, an aim, steps `### Title · 5 min`, screens `>` with notes."""

import re
from collections.abc import Iterator
from dataclasses import replace

from ent_module.lessons.model.lesson import Part, Screen, Step
from ent_module.web.content import Fault

_HEADING = re.compile(r"(?P<marks>#{2,3}) (?P<title>.+?)(?: · (?P<minutes>[1-9][0-9]?) min)?")


def outline(body: str, first: int = 1) -> tuple[tuple[Part, ...], tuple[Fault, ...]]:
    """The parts of a text whose first line is `first`, and what could not be read in it."""
    faults: list[Fault] = []
    parts: list[Part] = []
    for line, block in _blocks(body, first):
        head, _end, rest = block.partition("\n")
        heading = _HEADING.fullmatch(head)
        if heading is None:
            if not parts:
                faults.append(Fault(line, "stands before the first part (## Title · 25 min)"))
                continue
            parts[-1] = _with_text(parts[-1], line, block)
            continue
        if heading["minutes"] is None:
            faults.append(Fault(line, "a heading ends with its minutes: · 5 min"))
        if rest:
            faults.append(Fault(line + 1, "an empty line is missing after the heading"))
        minutes = int(heading["minutes"] or 0)
        if heading["marks"] == "##":
            parts.append(Part(heading["title"], minutes, "", (), line))
        elif not parts:
            faults.append(Fault(line, "a step (###) stands in a part (##)"))
        else:
            step = Step(heading["title"], minutes, "", (), line)
            parts[-1] = replace(parts[-1], steps=(*parts[-1].steps, step))
    faults += (Fault(line, "an empty line is missing after the screen (>)") for line in _run_on(body, first))
    return tuple(parts), tuple(faults)


def _blocks(body: str, first: int) -> Iterator[tuple[int, str]]:
    """What stands between empty lines, each with its first line."""
    line = first
    for block in re.split(r"(\n(?:[ ]*\n)+)", body.rstrip("\n")):
        if block.strip():
            yield line + len(block) - len(block.lstrip("\n")), block.strip("\n")
        line += block.count("\n")


def _run_on(body: str, first: int) -> Iterator[int]:
    """Lines that follow a screen without an empty line: Markdown would take them into it."""
    before = ""
    for number, line in enumerate(body.split("\n"), first):
        if before.startswith(">") and line.strip() and not line.startswith(">"):
            yield number
        before = line


def _with_text(part: Part, line: int, block: str) -> Part:
    """The part with a paragraph, a list or a screen put where it stands."""
    if not part.steps:
        return replace(part, aim=_joined(part.aim, block))
    step = part.steps[-1]
    if block.startswith(">"):
        screen = Screen("\n".join(re.sub(r"^> ?", "", one) for one in block.split("\n")), "", line)
        step = replace(step, screens=(*step.screens, screen))
    elif step.screens:
        last = step.screens[-1]
        step = replace(step, screens=(*step.screens[:-1], replace(last, note=_joined(last.note, block))))
    else:
        step = replace(step, lead=_joined(step.lead, block))
    return replace(part, steps=(*part.steps[:-1], step))


def _joined(before: str, block: str) -> str:
    return f"{before}\n\n{block}" if before else block
