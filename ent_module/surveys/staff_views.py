"""The teacher's side, which sees how many have a questionnaire, and the head's, which ends it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from uuid import UUID

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import paris, school_year
from ent_module.identity.model import Person
from ent_module.privacy.disclosure import FLOOR
from ent_module.surveys import campaigns, own, waves
from ent_module.surveys.card_rules import LARGEST
from ent_module.surveys.model import Opening, State, announced_end, read_opening
from ent_module.surveys.results_views import the_campaign
from ent_module.surveys.service import closing, opening
from ent_module.surveys.tables import Campaign
from ent_module.web import errors
from ent_module.web.house import house
from ent_module.web.pages import render_template


def classes(db: Session, person: Person) -> ResponseReturnValue:
    """The person's own classes: how many have a questionnaire, and how many ballots have arrived in the school."""
    return classes_page(db, person, {}, None)


def classes_page(db: Session, person: Person, errors: Mapping[str, list[str]], wrong: tuple[UUID, str] | None) -> str:
    """The same, with what is wrong in the form of one class (`wrong`: campaign and class)."""
    found = campaigns.progress(db, person.here.establishment_id, person.here.classes)
    return render_template(
        "ent/surveys/classes.html",
        progress=found,
        titles={one.campaign.id: campaigns.asked(db, one.campaign).title for one in found},
        readable=waves.released_among(db, person.here.establishment_id, {one.campaign.id for one in found}),
        arrived={one.campaign.id: campaigns.arrived(db, one.campaign) for one in found if one.opened is not None},
        now=paris(datetime.now(UTC)).time(),
        largest=LARGEST,
        errors=errors,
        wrong=wrong,
    )


def prepare(db: Session, person: Person) -> ResponseReturnValue:
    """What to say to the class, and the form that opens."""
    return _opening_form(db, person, None, {})


def open_class(db: Session, person: Person) -> ResponseReturnValue:
    """Opens for one of the person's own classes."""
    already = _open_already(db, person, request.form.get("questionnaire", ""))
    known = own.questionnaires_for(db, person.here.establishment_id)
    wanted = read_opening(request.form, person.here.classes, tuple(known), already)
    if wanted.foreign_class:
        raise errors.Refused(_("Cette classe n’est pas dans votre liste."), 403)
    if wanted.problems:
        return make_response(_opening_form(db, person, wanted, request.form), 422)
    try:
        opening.open_class(
            db,
            house().store,
            person.here.establishment_id,
            known[wanted.questionnaire],
            wanted.joining,
            person.here.account_id,
            _today(),
        )
    except opening.ClosedCampaignError:
        raise errors.Refused(_("L’enquête de cette année est close. Elle ne s’ouvre qu’une fois par an.")) from None
    except opening.NotASchoolError:
        raise NotFound from None
    return redirect(url_for("ent_surveys_staff.classes"), 303)


def campaign_list(db: Session, person: Person) -> ResponseReturnValue:
    """The school's campaigns, with participation."""
    found = [
        (campaign, campaigns.asked(db, campaign).title, campaigns.standing(db, campaign))
        for campaign in campaigns.campaigns(db, person.here.establishment_id)
    ]
    return render_template("ent/surveys/campaigns.html", found=found, floor=FLOOR, today=_today())


def confirm(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """What closing does, said before it is done."""
    one = the_campaign(db, person, campaign_id)
    if one.state != State.OPEN:
        return redirect(url_for("ent_surveys_staff.campaign", campaign_id=one.id), 303)
    return render_template(
        "ent/surveys/confirm.html",
        campaign=one,
        asked=campaigns.asked(db, one),
        standing=campaigns.standing(db, one),
        floor=FLOOR,
        today=_today(),
    )


def close(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """Ends it for good; a second time changes nothing. The tick counts."""
    one = the_campaign(db, person, campaign_id)
    closing.end(db, person.here.establishment_id, one.id, person.here.account_id, datetime.now(UTC), _today())
    return redirect(url_for("ent_surveys_staff.campaign", campaign_id=one.id), 303)


def _open_already(db: Session, person: Person, questionnaire: str) -> list[str]:
    """The classes for which this year's campaign of that questionnaire is open."""
    this_year = _this_year(db, person.here.establishment_id).get(questionnaire)
    return campaigns.classes_of(db, this_year) if this_year else []


def _this_year(db: Session, establishment_id: UUID) -> dict[str, Campaign]:
    """The campaigns of this school year, by questionnaire."""
    found = campaigns.campaigns(db, establishment_id)
    return {one.questionnaire: one for one in found if one.school_year == school_year(_today())}


def _opening_form(db: Session, person: Person, wanted: Opening | None, typed: Mapping[str, str]) -> str:
    sentences = {
        "class_code": _("Choisir une classe."),
        "others": _("L’enquête est déjà ouverte pour un groupe qui a peut-être les mêmes élèves."),
        "questionnaire": _("Choisir un questionnaire."),
        "place": _("Choisir où la classe répond."),
        "pupils": _("Écrire un nombre d’élèves de 1 à 60, ou rien."),
        "told": _("Prévenir les familles dix jours avant, puis cocher cette case."),
    }
    today, school = _today(), person.here.establishment_id
    this_year = _this_year(db, school)
    known = own.questionnaires_for(db, school).values()
    may_open = [one for one in known if getattr(this_year.get(one.id), "state", State.OPEN) == State.OPEN]
    return render_template(
        "ent/surveys/prepare.html",
        classes=person.here.classes,
        asked=may_open,
        errors={name: [sentences[name]] for name in (wanted.problems if wanted else ())},
        overlapping=wanted.overlapping if wanted else (),
        typed=typed,
        ends={one.id: this_year[one.id].closes_on for one in may_open if one.id in this_year},
        end=announced_end(today, establishments.calendar(db, school).is_school_day),
    )


def _today() -> date:
    return paris(datetime.now(UTC)).date()
