"""The head's draft of a campaign: which questionnaire first, then what it needs, by whom it asks."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from uuid import UUID

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import paris
from ent_module.identity.model import Person
from ent_module.privacy.disclosure import FLOOR
from ent_module.surveys import campaigns, own
from ent_module.surveys.model import Questionnaire, State
from ent_module.surveys.parts import WHOLE_SCHOOL, Audience
from ent_module.surveys.plan import LEVELS_OF, MOST_INVITED, TOLD_BEFORE, ReadPlan, proposed_day, read_plan
from ent_module.surveys.results_views import the_campaign
from ent_module.surveys.service import planning, proposing
from ent_module.surveys.service.opening import NotASchoolError
from ent_module.surveys.tables import Campaign, CampaignProposal
from ent_module.web import errors
from ent_module.web.pages import render_template

_FIELDS_OF = {Audience.PUPILS: ("classes", "place"), Audience.PARENTS: ("invited",), Audience.STAFF: ("invited",)}
"""What is typed for some and not for others: it goes along unseen, and is there again when the questionnaire is."""


def new(db: Session, person: Person) -> ResponseReturnValue:
    """Which questionnaire; then the form of a draft. Of one that a level above proposed, with what it proposed."""
    known, proposed = _known(db, person), _proposed(db, person)
    name = proposed.questionnaire if proposed else request.args.get("questionnaire", "")
    if name not in known:
        return render_template("ent/surveys/plan_for.html", found=_by_audience(known))
    days = _days(db, person, known[name], proposed)
    return _form(db, person, None, {"questionnaire": name, **days, "readers": "head"})


def draft(db: Session, person: Person) -> ResponseReturnValue:
    """Keeps a new draft; or shows what another questionnaire needs."""
    if "take" in request.form:
        return _form(db, person, None, _with_another())
    read = _read(db, person)
    if read.plan is None:
        return make_response(_form(db, person, None, request.form, read), 422)
    here, proposed = person.here, _proposed(db, person)
    same = proposed is not None and proposed.questionnaire == read.plan.questionnaire
    proposal_id = proposed.id if proposed is not None and same else None
    try:
        made = planning.draft(
            db, here.establishment_id, _drafted(db, person, read), here.account_id, _today(), proposal_id
        )
    except NotASchoolError:
        raise NotFound from None
    return _planned(made.id)


def edit(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """The form of a draft that is there."""
    one = _draft(db, person, campaign_id)
    typed = {
        "questionnaire": one.questionnaire,
        "opens_on": one.opened_on.isoformat(),
        "closes_on": one.closes_on.isoformat(),
        "readers": one.readers,
    }
    return _form(db, person, one, typed | _asked_people(db, one))


def change(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """Changes a draft; or shows what another questionnaire needs."""
    one = _draft(db, person, campaign_id)
    if "take" in request.form:
        return _form(db, person, one, _with_another())
    read = _read(db, person)
    if read.plan is None:
        return make_response(_form(db, person, one, request.form, read), 422)
    planning.change(db, one.establishment_id, one.id, _drafted(db, person, read))
    return _planned(one.id)


def _asked_people(db: Session, one: Campaign) -> dict[str, str]:
    """Whom a draft asks, as it is typed."""
    rows = campaigns.audience(db, one)
    everyone = [str(row.enrolled) for row in rows if row.class_code in WHOLE_SCHOOL.values()]
    if everyone:
        return {"invited": everyone[0]}
    return {"place": one.place, "classes": "\n".join(f"{row.class_code} ; {row.enrolled}" for row in rows)}


def set_levels(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """Corrects the levels that were guessed."""
    one = _draft(db, person, campaign_id)
    rows, known = campaigns.audience(db, one), LEVELS_OF[one.level]
    chosen = {row.class_code: request.form.get(f"level-{place}", "") for place, row in enumerate(rows, 1)}
    planning.set_levels(db, one.establishment_id, one.id, {name: at for name, at in chosen.items() if at in known})
    return _planned(one.id)


def discard(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """Forgets a draft."""
    one = _draft(db, person, campaign_id)
    planning.discard(db, one.establishment_id, one.id, person.here.account_id, _today())
    return redirect(url_for("ent_surveys_staff.campaigns"), 303)


def _known(db: Session, person: Person) -> dict[str, Questionnaire]:
    """What the school may ask, and whomever it asks."""
    if not person.here.kind.is_school:
        raise NotFound
    return own.questionnaires_for(db, person.here.establishment_id, tuple(Audience))


def _by_audience(known: Mapping[str, Questionnaire]) -> list[tuple[Audience, list[Questionnaire]]]:
    of_each = [(audience, [one for one in known.values() if one.audience is audience]) for audience in Audience]
    return [(audience, asked) for audience, asked in of_each if asked]


def _proposed(db: Session, person: Person) -> CampaignProposal | None:
    """What the address names among what the school may take over."""
    found = proposing.proposed_to(db, person.here.establishment_id, _today())
    return next((one.proposal for one in found if str(one.proposal.id) == request.args.get("proposal")), None)


def _days(db: Session, person: Person, asked: Questionnaire, proposed: CampaignProposal | None) -> dict[str, str]:
    """The days that the form begins with. The first is a school day of the school; the last is what was proposed."""
    is_school_day = establishments.calendar(db, person.here.establishment_id).is_school_day
    if proposed is None:
        return {"opens_on": proposed_day(_today() + TOLD_BEFORE[asked.audience], is_school_day).isoformat()}
    first = proposed_day(proposed.opens_on, is_school_day)
    opens_on = first if first < proposed.closes_on else proposed.opens_on
    return {"opens_on": opens_on.isoformat(), "closes_on": proposed.closes_on.isoformat()}


def _with_another() -> dict[str, str]:
    """What was typed, with the questionnaire that was chosen instead."""
    return {**request.form.to_dict(), "questionnaire": request.form.get("other", "")}


def _draft(db: Session, person: Person, campaign_id: UUID) -> Campaign:
    """A draft of the head's school. Raises NotFound, and Refused for what is no draft any more."""
    one = the_campaign(db, person, campaign_id)
    if one.state != State.DRAFT:
        raise errors.Refused(_("Cette enquête est annoncée : elle ne change plus."))
    return one


def _planned(campaign_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("ent_surveys_staff.planned", campaign_id=campaign_id), 303)


def _read(db: Session, person: Person) -> ReadPlan:
    known = {name: asked.audience for name, asked in _known(db, person).items()}
    return read_plan(request.form, known, person.here.kind, _today())


def _drafted(db: Session, person: Person, read: ReadPlan) -> planning.Drafted:
    if read.plan is None:
        raise LookupError("nothing was planned")
    return planning.Drafted(_known(db, person)[read.plan.questionnaire], read.plan)


def _form(
    db: Session, person: Person, one: Campaign | None, typed: Mapping[str, str], read: ReadPlan | None = None
) -> str:
    known = _known(db, person)
    asked = known.get(typed.get("questionnaire", ""))
    audience = asked.audience if asked else Audience.PUPILS
    wrong, sentences = read.problems if read else (), _sentences(audience)
    if read and read.lines:
        sentences["classes"] += [_("À corriger, ligne %(lines)s.", lines=", ".join(map(str, read.lines)))]
    unseen = {name for fields in _FIELDS_OF.values() for name in fields} - set(_FIELDS_OF[audience])
    return render_template(
        "ent/surveys/plan.html",
        campaign=one,
        proposal=request.args.get("proposal"),
        asked=asked,
        audience=audience,
        found=_by_audience(known),
        typed=typed,
        unseen=sorted(unseen & typed.keys()),
        errors={name: sentences[name] for name in wrong},
        example=_EXAMPLES.get(person.here.kind, ""),
        floor=FLOOR,
        most_invited=MOST_INVITED,
    )


_EXAMPLES = {"ecole": "CE2 A ; 24", "college": "6e B ; 26", "lycee": "2de 4 ; 34"}


def _sentences(audience: Audience) -> dict[str, list[str]]:
    """What to correct, by field."""
    bounds = {"least": FLOOR, "most": MOST_INVITED}
    return {
        "questionnaire": [_("Choisir un questionnaire.")],
        "opens_on": [_("Choisir un premier jour, aujourd’hui ou plus tard.")],
        "closes_on": [_("Choisir un dernier jour, après le premier, dans les huit semaines qui le suivent.")],
        "classes": [_("Écrire une classe par ligne, avec son nombre d’élèves : « 6e B ; 26 ».")],
        "invited": [
            _("Écrire combien de parents sont invités, de %(least)s à %(most)s.", **bounds)
            if audience is Audience.PARENTS
            else _("Écrire combien de personnes travaillent ici, de %(least)s à %(most)s.", **bounds)
        ],
        "place": [_("Choisir où les classes répondent.")],
        "readers": [_("Choisir qui lit les résultats.")],
    }


def _today() -> date:
    return paris(datetime.now(UTC)).date()
