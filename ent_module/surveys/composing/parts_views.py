"""The parts of a draft: its pages, its questions, what is taken from the bank, and the translations."""

from itertools import groupby
from typing import Any
from uuid import UUID

from flask import make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, NotFound

from ent_module.identity.model import Person
from ent_module.surveys import bank, sensitive
from ent_module.surveys.composing import common, texts, typed
from ent_module.surveys.composing.draft import (
    DOWN,
    MOST_ANSWERS,
    MOST_SECTIONS,
    OWN,
    UP,
    Draft,
    levels_of_texts,
)
from ent_module.surveys.composing.sentences import sentences
from ent_module.surveys.composing.typed import Wrong
from ent_module.surveys.parts import scale_of
from ent_module.surveys.written import MOST_QUESTIONS
from ent_module.web.language import direction
from ent_module.web.pages import render_template

_STEPS = {"up": UP, "down": DOWN}


def page(db: Session, person: Person, draft_id: UUID, name: str = "") -> ResponseReturnValue:
    """The title of a page: of a new one, or of the one of that name."""
    draft = common.load(db, person, draft_id)
    before = _found(draft.section, name) if name else None
    if request.method == "GET":
        return _page_form(draft_id, before, {}, common.fields("title", before["title"]) if before else {})
    title, mistakes = typed.wording(request.form, "title", "page")
    if before is None and len(draft.sections) >= MOST_SECTIONS:
        mistakes["title-fr"] = Wrong.FULL_PAGES
    if mistakes:
        return make_response(_page_form(draft_id, before, sentences(mistakes), request.form), 422)
    if before is None:
        before = draft.add_section(title)
    before["title"] = title
    return common.save(db, person, draft_id, draft, f"page-{before['id']}")


def _page_form(
    draft_id: UUID, before: dict[str, Any] | None, errors: dict[str, list[str]], values: common.Values
) -> str:
    return render_template(
        "ent/surveys/compose_page.html",
        draft_id=draft_id,
        before=before,
        errors=errors,
        typed=values,
        longest=typed.limit("page"),
    )


def _found(find: Any, name: str) -> dict[str, Any]:
    """A page or a question by its name. Raises NotFound."""
    try:
        found: dict[str, Any] = find(name)
    except LookupError:
        raise NotFound from None
    return found


def _step() -> int:
    """Which way something moves. Raises BadRequest for what no page of ours sends."""
    if (step := _STEPS.get(request.form.get("to", ""))) is None:
        raise BadRequest
    return step


def move_page(db: Session, person: Person, draft_id: UUID, name: str) -> ResponseReturnValue:
    """Moves a page up or down."""
    draft, step = common.load(db, person, draft_id), _step()
    section = _found(draft.section, name)
    draft.move_section(name, step)
    at_end = draft.sections[0 if step == UP else -1] is section
    return common.save(db, person, draft_id, draft, _where("page", name, step, at_end=at_end))


def move_question(db: Session, person: Person, draft_id: UUID, name: str) -> ResponseReturnValue:
    """Moves a question up or down, to the next page at the end of its own."""
    draft, step = common.load(db, person, draft_id), _step()
    item = _found(draft.item, name)
    draft.move(name, step)
    at_end = draft.is_at_end(item, step)
    return common.save(db, person, draft_id, draft, _where("question", name, step, at_end=at_end))


def _where(kind: str, name: str, step: int, *, at_end: bool) -> str:
    """The button that was pressed, so that the keyboard goes on from there; else the thing itself."""
    return f"{kind}-{name}" if at_end else f"{'up' if step == UP else 'down'}-{kind}-{name}"


def remove_page(db: Session, person: Person, draft_id: UUID, name: str) -> ResponseReturnValue:
    """Takes a page away, with its questions."""
    draft = common.load(db, person, draft_id)
    _found(draft.section, name)
    draft.remove_section(name)
    return common.save(db, person, draft_id, draft, "pages")


def remove_question(db: Session, person: Person, draft_id: UUID, name: str) -> ResponseReturnValue:
    """Takes a question away."""
    draft = common.load(db, person, draft_id)
    _found(draft.item, name)
    there = draft.section_of(name)["id"]
    draft.remove(name)
    return common.save(db, person, draft_id, draft, f"page-{there}")


# --- From the bank ---------------------------------------------------------------------------------------------------


def from_bank(db: Session, person: Person, draft_id: UUID) -> ResponseReturnValue:
    """The item bank: tick questions, and they are added."""
    draft = common.load(db, person, draft_id)
    if request.method == "GET":
        return _bank_form(db, person, draft_id, draft, {})
    entries, asked = bank.entries(draft.audience), sensitive.are_asked(db, person.here.establishment_id)
    wanted = [entries[key] for key in request.form.getlist("items") if key in entries]
    wanted = [one for one in wanted if asked or not one.is_sensitive]
    there = request.form.get("page", "")
    try:
        for entry in wanted:
            draft.add(entry, entries, there)
    except LookupError:
        raise BadRequest from None
    if wrong := _too_much(draft, wanted):
        before = common.load(db, person, draft_id)
        return make_response(_bank_form(db, person, draft_id, before, sentences({"items": wrong})), 422)
    last = draft.same(wanted[-1])
    return common.save(db, person, draft_id, draft, f"question-{last['id']}" if last else None)


def _too_much(draft: Draft, wanted: list[bank.Entry]) -> Wrong | None:
    if not wanted:
        return Wrong.NOTHING
    if draft.over_full:
        return Wrong.FULL
    if draft.texts_without("") > MOST_QUESTIONS:
        return Wrong.MANY_TEXTS
    return Wrong.FULL_PAGES if len(draft.sections) > MOST_SECTIONS else None


def _bank_form(db: Session, person: Person, draft_id: UUID, draft: Draft, errors: dict[str, list[str]]) -> str:
    """The bank by questionnaire and topic, without what is written for others."""
    fitting = [one for one in bank.entries(draft.audience).values() if set(draft.levels) & set(one.item["levels"])]
    # the questionnaire with the most questions first: it is for most needs
    fitting = sorted(fitting, key=lambda one: -sum(other.asked is one.asked for other in fitting))
    shelf = [
        (asked, [(topic, list(found)) for topic, found in groupby(of_one, lambda one: one.section["title"])])
        for asked, of_one in ((asked, list(found)) for asked, found in groupby(fitting, lambda one: one.asked))
    ]
    return render_template(
        "ent/surveys/compose_bank.html",
        draft_id=draft_id,
        draft=draft,
        shelf=shelf,
        there=[one.key for one in fitting if draft.holds(one)],
        ticked=request.form.getlist("items"),
        page=request.form.get("page", ""),
        level=str(person.here.kind),
        sensitive_asked=sensitive.are_asked(db, person.here.establishment_id),
        errors=errors,
        own=OWN,
    )


# --- Questions of the school's own -----------------------------------------------------------------------------------


def question(db: Session, person: Person, draft_id: UUID, name: str = "") -> ResponseReturnValue:
    """A question that the school writes: a new one, or the one of that name. Those of the bank stay as they are."""
    draft = common.load(db, person, draft_id)
    before = _found(draft.item, name) if name else None
    if before is not None and draft.is_from_bank(before):
        raise NotFound
    if request.method == "GET":
        return _question_form(draft_id, draft, before, {}, _as_it_is(draft, before))
    banded = before is not None and before["kind"] == "number"
    pages = [section["id"] for section in draft.sections]
    read = typed.question(request.form, bank.scales(draft.audience), pages, banded=banded)
    mistakes = dict(read.mistakes)
    if before is None and draft.is_full:
        mistakes["text-fr"] = Wrong.FULL
    if read.written.in_words and draft.texts_without(name) >= MOST_QUESTIONS:
        mistakes["kind"] = Wrong.MANY_TEXTS
    if mistakes:
        return make_response(_question_form(draft_id, draft, before, sentences(mistakes), request.form), 422)
    written = draft.write(read.written, read.page or draft.last_page(), name)
    texts.translate_known(draft)
    return common.save(db, person, draft_id, draft, f"question-{written['id']}")


def _as_it_is(draft: Draft, item: dict[str, Any] | None) -> dict[str, str]:
    """A question as the fields of its form."""
    if item is None:
        return {"page": request.args.get("page", "")}
    scale = scale_of(item, draft.asked["scales"])
    known = next((one.key for one in bank.scales(draft.audience).values() if one.data == scale), typed.OWN_ANSWERS)
    values = common.fields("text", item["text"])
    values |= {"kind": item["kind"], "page": draft.section_of(item["id"])["id"], "scale": known}
    if known == typed.OWN_ANSWERS:
        labels = [choice["label"] for choice in scale["choices"]]
        for language in {language for label in labels for language in label}:
            values[f"answers-{language}"] = "\n".join(label.get(language, "") for label in labels)
    return values


def _question_form(
    draft_id: UUID,
    draft: Draft,
    before: dict[str, Any] | None,
    errors: dict[str, list[str]],
    values: common.Values,
) -> str:
    return render_template(
        "ent/surveys/compose_question.html",
        draft_id=draft_id,
        draft=draft,
        before=before,
        errors=errors,
        typed=values,
        scales=list(bank.scales(draft.audience).values()),
        own_answers=typed.OWN_ANSWERS,
        longest=typed.limit("question"),
        most_answers=MOST_ANSWERS,
        may_write=bool(levels_of_texts(draft.levels, draft.audience)),
    )


# --- Translations ----------------------------------------------------------------------------------------------------


def translation(db: Session, person: Person, draft_id: UUID, name: str) -> ResponseReturnValue:
    """Every text of the school's own beside its translation into the language of that name."""
    if name not in texts.OTHERS:
        raise NotFound
    draft = common.load(db, person, draft_id)
    places = list(texts.places(draft))
    if request.method == "GET":
        filled = {place.key: place.texts.get(name, "") for place in places}
        return _translation_form(draft_id, draft, name, places, {}, filled)
    given, mistakes = typed.translations(request.form, places)
    if mistakes:
        page = _translation_form(draft_id, draft, name, places, sentences(mistakes), request.form)
        return make_response(page, 422)
    for place in places:
        place.texts.pop(name, None)
        if given[place.key]:
            place.texts[name] = given[place.key]
    return common.save(db, person, draft_id, draft, "translations")


def _translation_form(
    draft_id: UUID,
    draft: Draft,
    name: str,
    places: list[texts.Place],
    errors: dict[str, list[str]],
    values: common.Values,
) -> str:
    return render_template(
        "ent/surveys/compose_translation.html",
        draft_id=draft_id,
        language=name,
        language_dir=direction(name),
        places=places,
        missing=texts.missing(draft)[name],
        errors=errors,
        typed=values,
        limit=typed.limit,
    )
