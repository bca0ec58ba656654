"""The form on which a teacher logs a lesson: what was typed, and what is wrong with it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from ent_module.establishments.calendar import days_of_school_year
from ent_module.lessons.model.given import MINUTES, Given
from ent_module.lessons.model.lesson import Lesson

PLACES = ("here", "remote")


@dataclass(frozen=True)
class Typed:
    """The fields as they are in the form."""

    class_name: str
    day: str
    parts: tuple[str, ...]
    minutes: str
    place: str


def fresh(lesson: Lesson, classes: Collection[str], today: date) -> Typed:
    """The form before anyone touched it: the whole lesson, today; a class only where there is one alone."""
    parts = tuple(str(number) for number in range(1, len(lesson.parts) + 1))
    class_name = next(iter(classes)) if len(classes) == 1 else ""
    return Typed(class_name, today.isoformat(), parts, str(lesson.minutes), "here")


def typed(form: MultiDict[str, str]) -> Typed:
    """What was sent."""
    return Typed(
        form.get("class", ""),
        form.get("day", "").strip(),
        tuple(form.getlist("parts")),
        form.get("minutes", "").strip(),
        form.get("place", ""),
    )


def errors(form: Typed, lesson: Lesson, classes: Collection[str], today: date) -> dict[str, list[str]]:
    """What is wrong, by field; nothing where the lesson can be logged."""
    found: dict[str, str] = {}
    if form.class_name not in classes:
        found["class"] = _("Choisissez une de vos classes.")
    if wrong := _wrong_day(form.day, today):
        found["day"] = wrong
    known = {str(number) for number in range(1, len(lesson.parts) + 1)}
    if not form.parts or not set(form.parts) <= known:
        found["parts"] = _("Cochez ce qui a été fait : une partie ou les deux.")
    if not form.minutes.isdecimal() or len(form.minutes) > 3 or int(form.minutes) not in MINUTES:
        found["minutes"] = _(
            "Indiquez la durée en minutes, de %(least)s à %(most)s.", least=MINUTES.start, most=MINUTES.stop - 1
        )
    if form.place not in PLACES:
        found["place"] = _("Choisissez : en classe ou à distance.")
    return {field: [sentence] for field, sentence in found.items()}


def _wrong_day(text: str, today: date) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return str(_("Indiquez la date de la séance."))
    if day > today:
        return str(_("Cette date n’est pas encore passée."))
    return "" if day >= days_of_school_year(today)[0] else _("Cette date est avant le début de l’année scolaire.")


def given(form: Typed, lesson: Lesson) -> Given:
    """What a form without errors says."""
    return Given(
        lesson=lesson.slug,
        class_name=form.class_name,
        day=date.fromisoformat(form.day),
        parts="".join(sorted(set(form.parts))),
        minutes=int(form.minutes),
        remote=form.place == "remote",
    )
