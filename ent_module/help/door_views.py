"""Doors for adults: whoever works at the school tells of a worry; the group writes down what came on paper, by word of
mouth or from 3018; and a poster that leads here.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, NotFound

from ent_module.establishments import service as establishments
from ent_module.help import forms
from ent_module.help.model import draft as drafts
from ent_module.help.model.draft import Answer, Audience, Draft, Problem
from ent_module.help.public_views.spoken import spoken
from ent_module.help.service import adults, channel, reach, writing
from ent_module.help.service.header import Writer
from ent_module.help.service.whom import whom
from ent_module.help.wording import form as questions
from ent_module.help.wording import mistakes
from ent_module.help.wording import writer as words
from ent_module.helplines import service as helplines
from ent_module.identity.model import Person
from ent_module.surveys.drawing import drawing
from ent_module.web.house import house
from ent_module.web.language import language
from ent_module.web.pages import render_template

_ON_POSTER = ("119", "3018", "3114")
_OF_THE_GROUP = frozenset({"source", "person"})
"""Questions that only the group is asked, of what came to it by another way."""


@dataclass(frozen=True)
class _Door:
    """One of the two forms, and the school that it is for."""

    name: str
    school: UUID
    called: str
    for_others: bool = False


def concern(db: Session, person: Person) -> ResponseReturnValue:
    """« Signaler une inquiétude », with one's name, for a pupil who is named in the text."""
    if not person.here.kind.is_school:
        raise NotFound
    return _answer(db, person, _Door("concern", person.here.establishment_id, person.here.name))


def intake(db: Session, person: Person, establishment_id: UUID | None = None) -> ResponseReturnValue:
    """What came to the group by another way, for one of its schools."""
    schools = _schools(db, person)
    if establishment_id is None and len(schools) != 1:
        return render_template("ent/help/schools.html", schools=schools)
    school = establishment_id or next(iter(schools))
    if school not in schools:
        raise NotFound
    return _answer(db, person, _Door("intake", school, schools[school], for_others=True))


def poster(_db: Session, _person: Person) -> ResponseReturnValue:
    """A sheet to hang up. Its address says nothing of why one comes."""
    settings = house().settings
    address = f"{settings.public_url.rstrip('/')}{settings.url_prefix}/"
    return render_template(
        "ent/help/poster.html",
        address=address.partition("://")[2],
        drawn=drawing(address),
        lines=helplines.lines(_ON_POSTER),
    )


def _schools(db: Session, person: Person) -> dict[UUID, str]:
    """The schools whose messages this person listens to, by name."""
    found: dict[UUID, str] = {}
    for place in reach.listener_accounts(person):
        if place.kind.is_school:
            found[place.establishment_id] = place.name
        else:
            found |= {one.id: one.name for one in establishments.schools_below(db, place.establishment_id)}
    return dict(sorted(found.items(), key=lambda one: one[1]))


def _answer(db: Session, person: Person, door: _Door) -> ResponseReturnValue:
    purpose = f"{door.name} {door.school}"
    if request.method == "GET":
        return _form(db, person, door, Draft(Audience.STAFF), forms.new(purpose))
    nonce, token = forms.nonce(purpose), request.form["token"]
    draft = _draft(door)
    readers = adults.readers(db, door.school)
    wrong = drafts.problems(draft, (), [str(one.account_id) for one in readers])
    if door.for_others and not draft.source:
        wrong["source"] = Problem.CHOOSE
    if wrong:
        return _form(db, person, door, draft, token, wrong)
    writer = Writer(door.school, Audience.STAFF, language(), person.name)
    try:
        receipt = writing.send(db, house().keys, writer, draft, nonce, datetime.now(UTC))
    except writing.ClosedError:
        return _form(db, person, door, draft, token, closed=True)
    except writing.NoReaderError:
        return _form(db, person, door, draft, token, {"without": Problem.NOBODY_LEFT})
    except LookupError:
        raise BadRequest from None
    reading = words.reading(Audience.STAFF, receipt.readers, receipt.due_on, another_may_read=receipt.another_may_read)
    return render_template(
        "ent/help/noted.html", **_said(door), reading=reading, urgent=receipt.urgent, school=door.called
    )


def _draft(door: _Door) -> Draft:
    try:
        draft = drafts.read(Audience.STAFF, request.form)
    except drafts.TamperedError:
        raise BadRequest from None
    if not door.for_others:
        draft = replace(draft, source="", person="")
    return replace(draft, answer=Answer.VISIT.value)


def _said(door: _Door) -> dict[str, Any]:
    return {**spoken(Audience.STAFF), "for_others": door.for_others}


def _form(
    db: Session,
    person: Person,
    door: _Door,
    draft: Draft,
    token: str,
    wrong: dict[str, Problem] | None = None,
    *,
    closed: bool = False,
) -> ResponseReturnValue:
    try:
        excluded = whom(db, door.school, draft).excluded
    except LookupError:
        raise BadRequest from None
    before = channel.before_writing(db, door.school, datetime.now(UTC), excluded)
    asked = questions.questions(Audience.STAFF, before, has_name=False)  # how to answer is not asked
    errors = {name: [mistakes.problem(Audience.STAFF, one)] for name, one in (wrong or {}).items()}
    is_open = channel.channel_status(db, door.school).open
    return render_template(
        "ent/help/concern.html",
        **_said(door),
        is_open=is_open and not closed,
        school=door.called,
        reading=words.before_reading(Audience.STAFF, before),
        questions=[
            one for name, one in asked.items() if name != "to" and (door.for_others or name not in _OF_THE_GROUP)
        ],
        draft=draft,
        token=token,
        errors=errors,
        who=words.account(person.name, ()),
        longest=drafts.LONGEST,
        longest_name=drafts.LONGEST_NAME,
    ), 422 if errors or (closed and draft.message) else 200
