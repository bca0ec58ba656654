"""Settings that are one form each: opening hours, words of the help page, the delay; and dropping any draft."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from ent_module.identity.model import Person
from ent_module.setup import model, sentences, service
from ent_module.setup.model import Form, Read
from ent_module.setup.promises import promises
from ent_module.setup.seen import TamperedError
from ent_module.setup.staff_views import cards, common
from ent_module.web.house import house
from ent_module.web.pages import render_template


@dataclass(frozen=True)
class Page:
    """A setting with a form of its own."""

    setting: str
    endpoint: str
    fields: Callable[[Any], dict[str, str]]
    read: Callable[[Form], Read]
    to_publish: Callable[[Form, Any], model.Problems] = lambda _form, _value: {}
    """What else must be right before pupils see it."""


HOURS = Page("hours", "hours", model.hours_form, model.read_hours)
WORDS = Page("words", "words", model.words_form, model.read_words, model.words_to_publish)
DELAY = Page("response_days", "delay", model.delay_form, model.read_delay)


def hours(db: Session, person: Person) -> ResponseReturnValue:
    """Days and hours on which adults are there."""
    return _edit(db, person, HOURS)


def words(db: Session, person: Person) -> ResponseReturnValue:
    """The establishment's own words on the help page."""
    return _edit(db, person, WORDS)


def delay(db: Session, person: Person) -> ResponseReturnValue:
    """Within how many school days a message is read."""
    return _edit(db, person, DELAY)


def _edit(db: Session, person: Person, page: Page) -> ResponseReturnValue:
    if request.method == "GET":
        return _render(db, person, page)
    typed, given = request.form.to_dict(), request.form.get("seen", "")
    publishes, read = request.form.get("do") == "publish", page.read(typed)
    problems = read.problems or (page.to_publish(typed, read.value) if publishes else {})
    try:
        service.is_unchanged(db, house().keys, person.here.establishment_id, page.setting, given)
        if problems:
            return _render(db, person, page, typed=typed, problems=problems, given=given, status=422)
        if publishes:
            service.save_and_publish(db, house().keys, person.here, page.setting, read.value, given, common.today())
        else:
            service.save(db, house().keys, person.here.establishment_id, page.setting, read.value, given)
    except TamperedError:
        raise BadRequest from None
    except service.ChangedMeanwhileError:
        return _render(db, person, page, typed=typed, meanwhile="saved", status=409)
    return redirect(url_for(f".{page.endpoint}"), 303)


def _render(
    db: Session,
    person: Person,
    page: Page,
    *,
    typed: Mapping[str, str] | None = None,
    problems: model.Problems | None = None,
    given: str = "",
    meanwhile: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    """The page, with what was typed where there is something to correct; `given` is the field it was sent with."""
    values = page.fields(service.shown(db, person.here.establishment_id, page.setting)) if typed is None else typed
    beside = common.around(db, person, page.setting)
    return (
        render_template(
            f"ent/setup/{page.endpoint}.html",
            typed=values,
            promises=promises(text for name, text in values.items() if name.startswith("before-")),
            rows=model.closed_rows(values),
            errors=sentences.of_problems(problems or {}),
            seen=given or beside["shown_token"],
            meanwhile=meanwhile,
            here_place=person.here,
            **beside,
        ),
        status,
    )


def _again(db: Session, person: Person, name: str) -> ResponseReturnValue:
    """The page of a setting, with the news that its draft has changed since it was shown."""
    if name == "cards":
        return cards.listed(db, person, meanwhile="published", status=409)
    page = next(page for page in (HOURS, WORDS, DELAY) if page.endpoint == name)
    return _render(db, person, page, meanwhile="published", status=409)


SETTINGS = {"cards": "cards", "hours": "hours", "words": "words", "delay": "response_days"}


def discard(db: Session, person: Person, name: str) -> ResponseReturnValue:
    """Drops the draft that was shown."""
    try:
        service.discard(db, house().keys, person.here.establishment_id, SETTINGS[name], request.form.get("seen", ""))
    except TamperedError:
        raise BadRequest from None
    except service.ChangedMeanwhileError:
        return _again(db, person, name)
    return redirect(url_for(f".{name}"), 303)
