"""The writer's side: before writing, the form, the confirmation, and the way back with the code."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, NotFound

from ent_module.help import codes, forms
from ent_module.help.model import draft as drafts
from ent_module.help.model.codes import WORDS, typed_words
from ent_module.help.model.draft import Answer, Audience, Draft, Problem
from ent_module.help.service import channel, writing
from ent_module.help.service.header import Writer
from ent_module.help.service.store import NothingToOpenError
from ent_module.help.wording import form as questions
from ent_module.help.wording import receipt as after
from ent_module.help.wording import writer as words
from ent_module.helplines import service as helplines
from ent_module.identity.model import Person, Profile
from ent_module.web.house import house
from ent_module.web.language import language
from ent_module.web.pages import render_template

_WRITE, _REPLY = "write", "reply"
_TO_TALK = ("3018", "fil-sante-jeunes")
"""Beside the numbers of danger, which are on the same pages and answer day and night."""


def audience_of(person: Person) -> Audience:
    """To whom the page speaks."""
    if person.profile is Profile.PARENT:
        return Audience.PARENT
    return Audience.YOUNG if person.is_young else Audience.PUPIL


def write(db: Session, person: Person) -> ResponseReturnValue:
    """What one must know before writing; then the whole form, or at école the choice between a visit and writing."""
    audience = audience_of(person)
    if not channel.channel_status(db, person.here.establishment_id).open:
        return _closed(db, person, typed=drafts.cleaned(request.form.get("message", "")))
    if request.method == "GET":
        page = "start" if audience is Audience.YOUNG else "write"
        return _form(db, person, page, Draft(audience), forms.new(_WRITE))
    if audience is Audience.YOUNG:
        raise NotFound
    return _send(db, person, "write", _draft(audience))


def visit(db: Session, person: Person) -> ResponseReturnValue:
    """École: « Un adulte vient me voir », without writing anything."""
    if audience_of(person) is not Audience.YOUNG or not person.name:
        raise NotFound
    if not channel.channel_status(db, person.here.establishment_id).open:
        return _closed(db, person, typed=drafts.cleaned(request.form.get("message", "")))
    if request.method == "GET":
        return _form(db, person, "visit", Draft(Audience.YOUNG), forms.new(_WRITE))
    return _send(db, person, "visit", replace(_draft(Audience.YOUNG), answer=Answer.VISIT.value))


def steps(db: Session, person: Person) -> ResponseReturnValue:
    """École: one question a screen. What was answered travels on in the page, since nothing keeps a draft."""
    if audience_of(person) is not Audience.YOUNG:
        raise NotFound
    if not channel.channel_status(db, person.here.establishment_id).open:
        return _closed(db, person, typed=drafts.cleaned(request.form.get("message", "")))
    if request.method == "GET":
        return _form(db, person, "step", Draft(Audience.YOUNG), forms.new(_WRITE), step=drafts.STEPS[0][0])
    draft, names, step = _draft(Audience.YOUNG), [name for name, _fields in drafts.STEPS], request.form.get("step", "")
    forms.nonce(_WRITE)
    if step not in names:
        raise BadRequest
    place = names.index(step)
    if request.form.get("go") == "back":
        return _form(db, person, "step", draft, request.form["token"], step=names[max(place - 1, 0)])
    cards = [card_id for card_id, _name in channel.addressed(db, person.here.establishment_id)]
    if wrong := drafts.problems_until(draft, cards, step):
        return _form(db, person, "step", draft, request.form["token"], wrong, step=drafts.step_of(wrong))
    if step != names[-1]:
        return _form(db, person, "step", draft, request.form["token"], step=names[place + 1])
    return _send(db, person, "step", draft)


def _draft(audience: Audience) -> Draft:
    try:
        return drafts.read(audience, request.form)
    except drafts.TamperedError:
        raise BadRequest from None


def _send(db: Session, person: Person, page: str, draft: Draft) -> ResponseReturnValue:
    """Sends, and says so on a page that leaves only once the message is committed (`web.urls.answer`)."""
    nonce, token = forms.nonce(_WRITE), request.form["token"]
    cards = [card_id for card_id, _name in channel.addressed(db, person.here.establishment_id)]
    if wrong := drafts.problems(draft, cards):
        return _wrong(db, person, page, draft, token, wrong)
    if draft.wanted.named and not person.name:
        raise BadRequest
    here = person.here
    writer = Writer(here.establishment_id, draft.audience, language(), person.name, here.classes)
    try:
        receipt = writing.send(db, house().keys, writer, draft, nonce, datetime.now(UTC))
    except writing.ClosedError:
        return _closed(db, person, typed=draft.message)
    except writing.NoReaderError:
        return _wrong(db, person, page, draft, token, {"without": Problem.NOBODY_LEFT})
    except LookupError:
        raise BadRequest from None
    return render_template(
        "ent/help/sent.html",
        **_spoken(draft.audience),
        arrived=after.arrived(draft.audience, receipt),
        code=receipt.code,
        code_words=after.about_the_code(draft.audience),
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
) -> ResponseReturnValue:
    now, audience = datetime.now(UTC), draft.audience
    try:
        before = channel.before_writing(db, person.here.establishment_id, now, draft.without)
        if audience is Audience.PARENT:  # the school writes these words for its pupils
            before = replace(before, own_words={})
    except LookupError:
        raise BadRequest from None
    errors = {name: [questions.problem(audience, one)] for name, one in (wrong or {}).items()}
    asked = questions.questions(audience, before, has_name=bool(person.name))
    step_fields = dict(drafts.STEPS).get(step, ())
    body = render_template(
        f"ent/help/{page}.html",
        **_spoken(audience),
        before=before,
        reading=words.visit_known(before) if page == "visit" else words.before_reading(audience, before),
        before_lines=words.before_lines(audience),
        last_lines=[] if draft.without else words.if_left_out(audience, before),
        closed_now=None if before.is_open_now else words.closed_now(audience, before.due_on),
        questions=asked,
        pictures=questions.PICTURES,
        draft=draft,
        token=token,
        errors=errors,
        step=step,
        steps=[name for name, _fields in drafts.STEPS],
        step_fields=step_fields,
        asked=[asked[name] for name in step_fields if name in asked],
        fields=drafts.FIELDS,
        who=words.account(person.name, person.here.classes),
        without_a_name=after.without_a_name(audience),
        longest=drafts.LONGEST,
    )
    return body, 422 if errors else 200


def _spoken(audience: Audience) -> dict[str, Any]:
    """What every page of the writer's side says."""
    return {
        "audience": audience.value,
        "danger": words.danger(audience),
        "danger_lines": helplines.lines(words.danger_lines(audience)),
        "numbers": helplines.lines(_TO_TALK),
        "now": datetime.now(UTC),
    }


def _closed(db: Session, person: Person, typed: str = "") -> ResponseReturnValue:
    """No form: whom to see, the numbers, and what had been typed."""
    return render_template(
        "ent/help/closed.html",
        **_spoken(audience_of(person)),
        cards=channel.cards(db, person.here.establishment_id),
        typed=typed,
    ), 422 if typed else 200


# --- The way back -----------------------------------------------------------------------------------------------------


def come_back(db: Session, person: Person) -> ResponseReturnValue:
    """Asks for the code; with it, shows the thread on this very page, which has no address of its own."""
    if request.method == "GET":
        return _ask_code(person)
    opened = _opened(db, person)
    return _ask_code(person, failed=True) if opened is None else _thread(db, person, opened, forms.new(_REPLY))


def reply(db: Session, person: Person) -> ResponseReturnValue:
    """Writes again in a thread. The code travels in the page that it opened, and nowhere else."""
    if request.method == "GET":  # after a reload: a thread has no address of its own
        return redirect(url_for("ent_help.come_back"), 303)
    nonce = forms.nonce(_REPLY)
    text = drafts.cleaned(request.form.get("message", ""))
    opened = _opened(db, person)
    if opened is None:
        return _ask_code(person, failed=True, typed=text)
    if wrong := drafts.text_problem(text, required=True):
        errors = {"message": [questions.problem(audience_of(person), wrong)]}
        return _thread(db, person, opened, request.form["token"], errors=errors, typed=text)
    try:
        due_on = writing.write_again(db, house().keys, opened.key, text, nonce, datetime.now(UTC))
    except NothingToOpenError:
        return _ask_code(person, failed=True, typed=text)
    return _thread(db, person, writing.read_thread(db, opened.key), forms.new(_REPLY), due_on=due_on)


def _opened(db: Session, person: Person) -> writing.Opened | None:
    here, typed = person.here, request.form.get("code", "")
    if not _well_formed(typed):
        return None
    return writing.open_with_code(db, house().keys, here.establishment_id, here.account_id, typed, datetime.now(UTC))


def _well_formed(typed: str) -> bool:
    return any(seed is not None for seed in codes.seeds(typed))


def _ask_code(person: Person, *, failed: bool = False, typed: str = "") -> ResponseReturnValue:
    code = request.form.get("code", "")
    return render_template(
        "ent/help/code.html",
        **_spoken(audience_of(person)),
        failed=failed,
        code=code,
        given=len(typed_words(code)),
        wanted=WORDS,
        unknown=codes.unknown_words(code)[:WORDS],
        typed=typed,
    ), 422 if failed else 200


def _thread(db: Session, person: Person, opened: writing.Opened, token: str, **more: Any) -> ResponseReturnValue:
    audience, establishment_id = audience_of(person), opened.key.place.establishment_id
    due_on = channel.due_day(db, establishment_id, datetime.now(UTC))
    return render_template(
        "ent/help/thread.html",
        **_spoken(audience),
        messages=opened.messages,
        answered=any(not message.mine for message in opened.messages),
        reading=words.thread_reading(writing.who_reads(db, opened.key), due_on),
        not_a_chat=words.not_a_chat(audience),
        code=request.form["code"],
        token=token,
        longest=drafts.LONGEST,
        errors=more.pop("errors", {}),
        **more,
    ), 422 if more.get("typed") is not None else 200
