"""How the text of a lesson becomes parts, steps and screens, and what counts as given."""

from datetime import date

import pytest

from ent_module.establishments.model import Kind
from ent_module.lessons import shelf
from ent_module.lessons.model.given import Given, minutes_by_class
from ent_module.lessons.model.lesson import is_for, next_lesson
from ent_module.lessons.model.outline import outline

BODY = """
## Première · 20 min

But : un.

Suite du but.

### Un pas · 12 min

Avant l’écran.

> Premier écran
>
> - une liste

Note un.

- point

> Deuxième écran

Note deux.

### Autre pas · 8 min

> Troisième écran

Note trois.

## Seconde · 25 min

But : deux.

### Dernier · 25 min

> Quatrième écran

Note quatre.
"""


def test_parts_steps_screens_and_notes() -> None:
    parts, faults = outline(BODY, 10)
    assert faults == ()
    first, second = parts
    assert (first.title, first.minutes, first.aim, first.line) == ("Première", 20, "But : un.\n\nSuite du but.", 11)
    assert [(step.title, step.minutes, step.lead) for step in first.steps] == [
        ("Un pas", 12, "Avant l’écran."),
        ("Autre pas", 8, ""),
    ]
    screen, other = first.steps[0].screens
    assert (screen.text, screen.note) == ("Premier écran\n\n- une liste", "Note un.\n\n- point")
    assert (other.text, other.note) == ("Deuxième écran", "Note deux.")
    assert (screen.line, other.line) == (21, 29)
    assert second.steps[0].screens[0].text == "Quatrième écran"


@pytest.mark.parametrize(
    ("planted", "line"),
    [
        ("Un mot.\n\n## Titre · 20 min\n", 1),
        ("### Pas · 5 min\n", 1),
        ("## Titre\n", 1),
        ("## Titre - 20 min\n", 1),
        ("## Titre · vingt min\n", 1),
        ("## Titre · 20 min\n\nBut.\n\n### Pas 5 min\n", 5),
        ("## Titre · 20 min\nBut.\n", 2),
        ("## Titre · 20 min\n\nBut.\n\n### Pas · 5 min\n\n> écran\nNote.\n", 8),
    ],
)
def test_what_cannot_be_read_is_named(planted: str, line: int) -> None:
    assert [fault.line for fault in outline(planted)[1]] == [line]


def test_slides_open_each_part_and_know_their_minutes() -> None:
    lesson = shelf.lessons()["aider-un-ami-qui-va-mal"]["fr"]
    slides = lesson.slides
    assert [slide.number for slide in slides] == list(range(1, len(slides) + 1))
    openings = [slide for slide in slides if slide.screen is None]
    assert [slide.part for slide in openings] == [0, 1]
    assert slides[0] is openings[0] or slides[0] == openings[0]
    for part in (0, 1):
        steps = [slide for slide in slides if slide.part == part and slide.step]
        assert steps[0].start == 0
        assert steps[-1].end == lesson.parts[part].minutes == 25
    assert len(slides) == 2 + sum(len(step.screens) for part in lesson.parts for step in part.steps)


def test_hours_by_class() -> None:
    day = date(2026, 11, 12)
    rows = [
        Given("a", "6e B", day, "12", 50, remote=False),
        Given("b", "6e B", day, "1", 25, remote=True),
        Given("a", "3e C", day, "1", 20, remote=False),
    ]
    assert minutes_by_class(rows, ("5e A", "6e B")) == {"5e A": 0, "6e B": 75, "3e C": 20}


def test_lessons_for_a_kind_of_school() -> None:
    assert is_for(("CM1", "CM2", "6e"), Kind.ECOLE)
    assert is_for(("CM1", "CM2", "6e"), Kind.COLLEGE)
    assert not is_for(("CP", "CE1"), Kind.COLLEGE)
    assert is_for(("5e", "4e", "3e"), Kind.LYCEE)
    assert not is_for(("CM1", "CM2", "6e"), Kind.LYCEE)
    assert is_for(("CP",), Kind.CIRCONSCRIPTION)


def test_the_next_lesson_is_the_first_that_was_not_given() -> None:
    lessons = shelf.lessons()
    following = next_lesson(lessons, Kind.COLLEGE, [], "en")
    assert following is not None
    assert (following.slug, following.lang) == ("agir-a-plusieurs", "en")
    after = next_lesson(lessons, Kind.COLLEGE, ["agir-a-plusieurs"], "ar")
    assert after is not None
    assert (after.slug, after.lang) == ("aider-un-ami-qui-va-mal", "fr")
    assert next_lesson(lessons, Kind.LYCEE, ["aider-un-ami-qui-va-mal"], "fr") is None
