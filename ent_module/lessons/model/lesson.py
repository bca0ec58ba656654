"""A lesson, its parts, steps and screens."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ent_module.establishments.model import Kind
from ent_module.languages import SOURCE
from ent_module.web import content

WARNED = ("nurse", "psychologist", "head")
PROGRAMMES = ("EMC", "EVAR", "EVARS", "pHARe")


@dataclass(frozen=True)
class Screen:
    """What the class sees at one time, and what the teacher alone sees with it. Texts are Markdown."""

    text: str
    note: str
    line: int = 1


@dataclass(frozen=True)
class Step:
    """A few minutes of a part."""

    title: str
    minutes: int
    lead: str
    """What the teacher reads before its first screen."""
    screens: tuple[Screen, ...]
    line: int = 1


@dataclass(frozen=True)
class Part:
    """A half of a lesson."""

    title: str
    minutes: int
    aim: str
    steps: tuple[Step, ...]
    line: int = 1


@dataclass(frozen=True)
class Answer:
    """What a pupil will probably say, and what to say then."""

    pupil: str
    you: str


@dataclass(frozen=True)
class Unit:
    """Some lessons for some levels."""

    id: str
    title: Mapping[str, str]
    levels: tuple[str, ...]


@dataclass(frozen=True)
class Lesson:
    """A lesson in one language."""

    slug: str
    lang: str
    unit: str
    order: int
    title: str
    levels: tuple[str, ...]
    objectives: tuple[str, ...]
    skills: tuple[str, ...]
    programme: tuple[str, ...]
    materials: tuple[str, ...]
    warn_before: tuple[str, ...]
    not_friday_afternoon: bool
    first_sentences: tuple[str, ...]
    likely_answers: tuple[Answer, ...]
    disclosure: str
    stop_here: str
    class_rule: str
    home_link: str
    accessibility: str
    helplines: tuple[str, ...]
    reviewed: date
    licence: str
    parts: tuple[Part, ...]

    @property
    def address(self) -> str:
        """What stands for it in addresses."""
        return content.address(self.slug)

    @property
    def minutes(self) -> int:
        """How long all parts take."""
        return sum(part.minutes for part in self.parts)

    @property
    def slides(self) -> tuple["Slide", ...]:
        """What is projected, one after the other: each part opens with its title."""
        return tuple(_slides(self.parts))


@dataclass(frozen=True)
class Slide:
    """One screen in its place. An opening has neither step nor screen: the class reads the part's title."""

    number: int
    part: int
    """From 0."""
    step: Step | None
    screen: Screen | None
    start: int
    """The minute of the part at which its step begins."""

    @property
    def end(self) -> int:
        """The minute of the part at which its step ends."""
        return self.start + (self.step.minutes if self.step else 0)


def _slides(parts: Sequence[Part]) -> Iterator[Slide]:
    number = 0
    for index, part in enumerate(parts):
        yield Slide(number := number + 1, index, None, None, 0)
        start = 0
        for step in part.steps:
            for screen in step.screens:
                yield Slide(number := number + 1, index, step, screen, start)
            start += step.minutes


Lessons = Mapping[str, Mapping[str, Lesson]]
"""Lessons by slug and language, in the order of the units; each exists in French."""

_LEVELS = {
    Kind.ECOLE: {"CP", "CE1", "CE2", "CM1", "CM2"},
    Kind.COLLEGE: {"6e", "5e", "4e", "3e"},
    Kind.LYCEE: {"2de", "1re", "Tle", "3e"},  # the lessons of 3e can be adapted, as long as there are none of their own
}


def is_for(levels: Sequence[str], kind: Kind) -> bool:
    """Whether a school of that kind has pupils of one of these levels; the kinds above schools have all of them."""
    return not _LEVELS.get(kind, set(levels)).isdisjoint(levels)


def next_lesson(lessons: Lessons, kind: Kind, given: Sequence[str], lang: str) -> Lesson | None:
    """The first lesson for that kind of school that was not given yet (slugs); None where all were."""
    for slug, lesson in lessons.items():
        if slug not in given and is_for(lesson[SOURCE].levels, kind):
            return lesson.get(lang, lesson[SOURCE])
    return None
