"""Before writing, the form, and the confirmation.

A form is for the school whose page it was on: it is never sent to another, and one that has arrived is known again
whatever has changed since.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, NotFound

from ent_module.help import forms
from ent_module.help.forms import Sent
from ent_module.help.model import draft as drafts
from ent_module.help.model.draft import Answer, Audience, Draft, Problem
from ent_module.help.public_views.spoken import audience_of, spoken
from ent_module.help.service import channel, writing
from ent_module.help.service.header import Writer
from ent_module.help.service.whom import whom
from ent_module.help.service.writing import Receipt
from ent_module.help.wording import form as questions
from ent_module.help.wording import mistakes
from ent_module.help.wording import receipt as after
from ent_module.help.wording import writer as words
from ent_module.identity.model import Membership, Person
from ent_module.web.house import house
from ent_module.web.language import language
from ent_module.web.pages import render_template

_WRITE = "write"
_STEPS = tuple(name for name, _fields in drafts.STEPS)


def write(db: Session, person: Person) -> ResponseReturnValue:
    """What one must know before writing; then the whole form, or at école the choice between a visit and writing."""
    if request.method == "POST":
        return _posted(db, person, "write", _send)
    return _first(db, person, "start" if audience_of(person) is Audience.YOUNG else "write")


def visit(db: Session, person: Person) -> ResponseReturnValue:
    """École: « Un adulte vient me voir », without writing anything."""
    return _posted(db, person, "visit", _send) if request.method == "POST" else _first(db, person, "visit")


def steps(db: Session, person: Person) -> ResponseReturnValue:
    """École: one question a screen. What was answered travels on in the page, since nothing keeps a draft."""
    if request.method == "GET":
        return _first(db, person, "step")
    is_last = request.form.get("step") == _STEPS[-1] and request.form.get("go") != "back"
    return _posted(db, person, "step", _send if is_last else _go_on)


def _first(db: Session, person: Person, page: str) -> ResponseReturnValue:
    """A page before anything is typed."""
    if page != "start" and not _is_for(page, person):
        raise NotFound
    if not _is_open(db, person):
        return _closed(db, person)
    return _form(db, person, page, Draft(audience_of(person)), forms.new(_WRITE, person.here), step=_STEPS[0])


def _is_for(page: str, person: Person) -> bool:
    """Whether that person has that page: the screens of the école side are a child's, the long form everyone else's."""
    is_young = audience_of(person) is Audience.YOUNG
    return is_young and (page == "step" or bool(person.name)) if page != "write" else not is_young


def _is_open(db: Session, person: Person) -> bool:
    return channel.channel_status(db, person.here.establishment_id).open


_Then = Callable[[Session, Person, str, Draft, Sent], ResponseReturnValue]


def _posted(db: Session, person: Person, page: str, then: _Then) -> ResponseReturnValue:
    """What every form of this side goes through first, in this order."""
    sent = forms.sent(_WRITE, person)
    if sent is not None and then is _send and (known := _known(db, person, page, sent)) is not None:
        return _arrived(audience_of(person, sent.place), known)
    if not _is_open(db, person):
        return _closed(db, person, typed=_typed())
    if sent is None:
        raise BadRequest
    if sent.place != person.here:
        return _moved(db, person, page, sent.place)
    if not _is_for(page, person):
        raise NotFound
    return then(db, person, page, _draft(page, audience_of(person)), sent)


def _typed() -> str:
    return drafts.cleaned(request.form.get("message", ""))


def _draft(page: str, audience: Audience) -> Draft:
    try:
        draft = drafts.read(audience, request.form)
    except drafts.TamperedError:
        raise BadRequest from None
    return replace(draft, answer=Answer.VISIT.value) if page == "visit" else draft


def _writer(person: Person, place: Membership) -> Writer:
    return Writer(place.establishment_id, audience_of(person, place), language(), person.name, place.classes)


def _known(db: Session, person: Person, page: str, sent: Sent) -> Receipt | None:
    """The receipt of this very form, where it has arrived before."""
    writer = _writer(person, sent.place)
    return writing.sent_before(db, house().keys, writer, _draft(page, writer.audience), sent.nonce)


def _moved(db: Session, person: Person, page: str, place: Membership) -> ResponseReturnValue:
    """The form again, for the school where they are now, with what was typed but for the adults of the other one."""
    audience, step = audience_of(person), request.form.get("step", _STEPS[0])
    draft = Draft(audience, message=_typed())
    if audience is audience_of(person, place) and step in _STEPS:
        draft = replace(_draft(page, audience), to=(), without=(), only="", stand_in="")
    else:
        page, step = "step" if audience is Audience.YOUNG else "write", "message"
    token = forms.new(_WRITE, person.here)
    return _form(db, person, page, draft, token, step=step, moved=words.moved(audience, place.name, person.here.name))


def _go_on(db: Session, person: Person, page: str, draft: Draft, sent: Sent) -> ResponseReturnValue:
    """École: the next screen or the one before, or the first that has something to correct."""
    step, token = request.form.get("step", ""), request.form["token"]
    if step not in _STEPS:
        raise BadRequest
    number = _STEPS.index(step)
    if request.form.get("go") == "back":
        return _form(db, person, page, draft, token, step=_STEPS[max(number - 1, 0)])
    if wrong := drafts.problems_until(draft, _cards(db, sent), step):
        return _form(db, person, page, draft, token, wrong, step=drafts.step_of(wrong))
    return _form(db, person, page, draft, token, step=_STEPS[number + 1])


def _cards(db: Session, sent: Sent) -> list[str]:
    return [card_id for card_id, _name in channel.addressed(db, sent.place.establishment_id)]


def _send(db: Session, person: Person, page: str, draft: Draft, sent: Sent) -> ResponseReturnValue:
    """Sends, and says so on a page that leaves only once the message is committed (`web.urls.answer`)."""
    token = request.form["token"]
    try:
        readers = whom(db, sent.place.establishment_id, replace(draft, only="")).readers
    except LookupError:
        raise BadRequest from None
    if wrong := drafts.problems(draft, _cards(db, sent), [str(one.account_id) for one in readers]):
        return _wrong(db, person, page, draft, token, wrong)
    if draft.wanted.named and not person.name:
        raise BadRequest
    try:
        receipt = writing.send(db, house().keys, _writer(person, sent.place), draft, sent.nonce, datetime.now(UTC))
    except writing.ClosedError:
        return _closed(db, person, typed=draft.message)
    except writing.NoReaderError:
        return _wrong(db, person, page, draft, token, {"without": Problem.NOBODY_LEFT})
    return _arrived(draft.audience, receipt)


def _arrived(audience: Audience, receipt: Receipt) -> ResponseReturnValue:
    return render_template(
        "ent/help/sent.html",
        **spoken(audience),
        arrived=after.arrived(audience, receipt),
        code=receipt.code,
        code_words=after.about_the_code(audience),
        urgent=receipt.urgent,
    )


def _wrong(
    db: Session, person: Person, page: str, draft: Draft, token: str, wrong: dict[str, Problem]
) -> ResponseReturnValue:
    """The form again with what to correct. Where home is the matter and nothing was chosen, a visit is."""
    if wrong.get("answer") is Problem.CHOOSE_HOME and person.name:
        draft = replace(draft, answer=Answer.VISIT.value)
    return _form(db, person, page, draft, token, wrong, step=drafts.step_of(wrong))


def _form(
    db: Session,
    person: Person,
    page: str,
    draft: Draft,
    token: str,
    wrong: dict[str, Problem] | None = None,
    *,
    step: str = "",
    moved: tuple[str, list[str]] | None = None,
) -> ResponseReturnValue:
    now, audience = datetime.now(UTC), draft.audience
    try:
        excluded = whom(db, person.here.establishment_id, draft).excluded
        before = channel.before_writing(db, person.here.establishment_id, now, excluded)
        if audience is Audience.PARENT:  # the school writes these words for its pupils
            before = replace(before, own_words={})
    except LookupError:
        raise BadRequest from None
    errors = {name: [mistakes.problem(audience, one)] for name, one in (wrong or {}).items()}
    asked = questions.questions(audience, before, has_name=bool(person.name))
    step_fields = dict(drafts.STEPS).get(step, ())
    body = render_template(
        f"ent/help/{page}.html",
        **spoken(audience),
        before=before,
        reading=words.visit_known(before) if page == "visit" else words.before_reading(audience, before),
        before_lines=words.before_lines(audience),
        last_lines=[] if excluded else words.if_left_out(audience, before),
        closed_now=None if before.is_open_now else words.closed_now(audience, before.due_on),
        questions=asked,
        parts_of_it=questions.parts(draft, asked, errors),
        pictures=questions.PICTURES,
        draft=draft,
        token=token,
        errors=errors,
        moved=moved,
        step=step,
        steps=_STEPS,
        step_fields=step_fields,
        asked=[asked[name] for name in step_fields if name in asked],
        fields=drafts.FIELDS,
        who=words.account(person.name, person.here.classes),
        without_a_name=after.without_a_name(audience),
        longest=drafts.LONGEST,
        longest_name=drafts.LONGEST_NAME,
    )
    return body, 422 if errors or moved else 200


def _closed(db: Session, person: Person, typed: str = "") -> ResponseReturnValue:
    """No form: whom to see, the numbers, and what had been typed."""
    return render_template(
        "ent/help/closed.html",
        **spoken(audience_of(person)),
        cards=channel.cards(db, person.here.establishment_id),
        typed=typed,
    ), 422 if typed else 200
