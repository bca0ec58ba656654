"""Drafts as wholes: a new one, the one page that shows all of it, its title, its preview, and keeping it."""

from uuid import UUID

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from ent_module.identity.model import Person
from ent_module.languages import LANGUAGES
from ent_module.surveys import own, sensitive
from ent_module.surveys.composing import checks, common, service, texts, typed
from ent_module.surveys.composing.draft import MOST_ITEMS, MOST_SECTIONS, Draft
from ent_module.surveys.composing.names import name_of
from ent_module.surveys.composing.sentences import sentences
from ent_module.surveys.model import LEVELS, Questionnaire
from ent_module.surveys.own_words import needed
from ent_module.web import errors
from ent_module.web.language import direction, language
from ent_module.web.pages import part_in, render_template


def new(db: Session, person: Person) -> ResponseReturnValue:
    """A title, and whom it is for; then the draft is there."""
    place = common.school(person)
    if request.method == "GET":
        return _head(None, {}, {}, [str(person.here.kind)], person)
    title, mistakes = typed.wording(request.form, "title", "title")
    levels = typed.levels(request.form.getlist("levels"), person.here.kind)
    if mistakes:
        return make_response(_head(None, sentences(mistakes), request.form, levels, person), 422)
    return _begun(db, place, Draft.fresh(name_of(title["fr"]), title, levels, typed.audience(request.form)))


def _begun(db: Session, place: UUID, draft: Draft) -> ResponseReturnValue:
    try:
        draft_id = service.begin(db, place, draft, common.today())
    except service.FullError:
        raise _full() from None
    return redirect(url_for(".draft", draft_id=draft_id), 303)


def _full() -> errors.Refused:
    return errors.Refused(
        _("Un établissement garde %(most)s brouillons au plus : terminez-en un, ou jetez-en un.", most=service.MOST)
    )


def compose_from(db: Session, person: Person, digest: str) -> ResponseReturnValue:
    """A draft that goes on from a questionnaire."""
    place = common.school(person)
    asked = own.by_digest(db, place, digest)
    if asked is None or asked.licence_text:  # a pack stays word for word what its licence covers
        raise NotFound
    try:
        draft_id = service.begin_from(db, place, asked, common.today())
    except service.FullError:
        raise _full() from None
    return redirect(url_for(".draft", draft_id=draft_id), 303)


def draft(db: Session, person: Person, draft_id: UUID) -> ResponseReturnValue:
    """The whole draft: its pages and questions, what is still to be done, and the ways to do it."""
    return _whole(db, person, draft_id, common.load(db, person, draft_id))


def _whole(db: Session, person: Person, draft_id: UUID, shown: Draft, refused: own.Checked | None = None) -> str:
    place = person.here.establishment_id
    return render_template(
        "ent/surveys/compose.html",
        draft_id=draft_id,
        draft=shown,
        verdict=service.judge(db, place, shown),
        refused=refused,
        missing=texts.missing(shown),
        from_bank={item["id"] for item in shown.items if shown.is_from_bank(item)},
        sensitive_asked=sensitive.are_asked(db, place),
        answers={
            name: [choice["label"] for choice in scale["choices"]] for name, scale in shown.asked["scales"].items()
        },
        most=MOST_ITEMS,
        most_pages=MOST_SECTIONS,
        most_kept=own.MOST,
        used=shown.asked["id"] in own.used(db, place),
        needs_accord=needed(checks.finished(shown)),
    )


def title(db: Session, person: Person, draft_id: UUID) -> ResponseReturnValue:
    """The title, the sentence for the adults who choose it, and whom it is for."""
    shown = common.load(db, person, draft_id)
    if request.method == "GET":
        summary = shown.asked.get("summary", {})
        filled = common.fields("title", shown.asked["title"]) | common.fields("summary", summary)
        return _head(draft_id, {}, filled, shown.levels, person)
    given, mistakes = typed.wording(request.form, "title", "title")
    summary, of_summary = typed.wording(request.form, "summary", "summary")
    if not summary:  # it may stay away, but not be there in Arabic alone
        of_summary = {}
    levels = typed.levels(request.form.getlist("levels"), person.here.kind)
    if mistakes | of_summary:
        return make_response(_head(draft_id, sentences(mistakes | of_summary), request.form, levels, person), 422)
    shown.asked["title"], shown.levels = given, levels
    shown.asked.pop("summary", None)
    if summary:
        shown.asked["summary"] = summary
    return common.save(db, person, draft_id, shown)


def _head(
    draft_id: UUID | None,
    mistakes: dict[str, list[str]],
    values: common.Values,
    levels: list[str],
    person: Person,
) -> str:
    return render_template(
        "ent/surveys/compose_title.html",
        draft_id=draft_id,
        errors=mistakes,
        typed=values,
        levels=levels,
        own_level=str(person.here.kind),
        all_levels=[str(one) for one in LEVELS],
        limits=typed.LONGEST,
    )


def preview(db: Session, person: Person, draft_id: UUID) -> ResponseReturnValue:
    """The draft as a pupil reads it on a telephone, at a level and in a language that are chosen here."""
    shown = common.load(db, person, draft_id)
    asked = Questionnaire.from_data(checks.finished(shown))
    if not sensitive.are_asked(db, person.here.establishment_id):
        asked = asked.without_sensitive
    wanted, spoken = request.args.get("level", ""), request.args.get("language", "")
    level = wanted if wanted in shown.levels else str(person.here.kind)
    spoken = spoken if spoken in LANGUAGES else language()
    return render_template(
        "ent/surveys/compose_preview.html",
        draft_id=draft_id,
        draft=shown,
        read=part_in(spoken, "ent/surveys/_compose_telephone.html", asked=asked, level=level),
        spoken=spoken,
        spoken_dir=direction(spoken),
        level=level,
        empty=not asked.for_level(level),
        missing=texts.missing(shown),
    )


def keep(db: Session, person: Person, draft_id: UUID) -> ResponseReturnValue:
    """Keeps the draft as a questionnaire that teachers may open."""
    place = common.school(person)
    shown = common.load(db, person, draft_id)
    refused = None
    try:
        service.keep(db, place, draft_id, person.here.account_id, common.today())
    except service.NotReadyError:
        pass
    except own.RefusedError as error:
        refused = error.checked
    else:
        return redirect(url_for(".questionnaires"), 303)
    return make_response(_whole(db, person, draft_id, shown, refused), 422)


def remove(db: Session, person: Person, draft_id: UUID) -> ResponseReturnValue:
    """Throws the draft away."""
    common.load(db, person, draft_id)
    service.remove(db, person.here.establishment_id, draft_id)
    return redirect(url_for(".questionnaires"), 303)
