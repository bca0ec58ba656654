"""The form with which a teacher starts a class: of a campaign that was announced, or of one that opens at once."""

from collections.abc import Mapping
from dataclasses import dataclass
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
from ent_module.surveys import campaigns, own
from ent_module.surveys.burden import asked_enough
from ent_module.surveys.joining import DAYS_OF_FEEDBACK, DAYS_TO_CHOOSE, Opening, Running, read_opening
from ent_module.surveys.model import Questionnaire, State, announced_end
from ent_module.surveys.parts import Audience
from ent_module.surveys.service import opening
from ent_module.surveys.tables import Campaign
from ent_module.web import errors
from ent_module.web.house import house
from ent_module.web.pages import render_template
from ent_module.web.parts import day


def prepare(db: Session, person: Person) -> ResponseReturnValue:
    """What to say to the class, and the form that opens."""
    return _form(db, person, None, {})


def open_class(db: Session, person: Person) -> ResponseReturnValue:
    """Opens for one of the person's own classes."""
    known = _known(db, person.here.establishment_id)
    running, enough = _running(db, person, request.form), _enough(db, person, request.form)
    wanted = read_opening(request.form, person.here.classes, known, running, enough=enough)
    if wanted.foreign_class:
        raise errors.Refused(_("Cette classe n’est pas dans votre liste."), 403)
    if wanted.problems:
        return make_response(_form(db, person, wanted, request.form), 422)
    try:
        opening.open_class(
            db,
            house().store,
            person.here.establishment_id,
            known[wanted.questionnaire],
            wanted.joining,
            person.here.account_id,
            _today(),
            days=wanted.days,
        )
    except opening.NotYetError as error:
        told = _("Cette enquête est annoncée pour le %(day)s. Elle ne s’ouvre pas avant.", day=day(error.day))
        raise errors.Refused(told) from None
    except opening.NotListedError:
        told = _("Cette classe n’est pas dans l’enquête que la direction a annoncée aux familles.")
        raise errors.Refused(told) from None
    except opening.ClosedCampaignError:
        raise errors.Refused(
            _("L’enquête de cette année est close. La direction peut en annoncer une autre.")
        ) from None
    except opening.NotASchoolError:
        raise NotFound from None
    return redirect(url_for("ent_surveys_staff.classes"), 303)


def _known(db: Session, school: UUID) -> dict[str, Questionnaire]:
    """What may be opened here, and what a campaign that is announced or open asks, whatever was decided since."""
    under_way = {
        one.questionnaire: campaigns.asked(db, one)
        for one in campaigns.campaigns(db, school)
        if one.state in {State.ANNOUNCED, State.OPEN} and one.school_year == school_year(_today())
    }
    of_pupils = {name: asked for name, asked in under_way.items() if asked.audience is Audience.PUPILS}
    return own.questionnaires_for(db, school) | of_pupils


def _running(db: Session, person: Person, form: Mapping[str, str]) -> Running | None:
    """The campaign of the questionnaire that was chosen, which the class would join."""
    asked = form.get("questionnaire", "")
    found = campaigns.running(db, person.here.establishment_id, asked, school_year(_today()))
    return Running(found.listed, tuple(campaigns.classes_of(db, found))) if found else None


def _enough(db: Session, person: Person, form: Mapping[str, str]) -> bool:
    """Whether the class that was chosen has been asked often enough this year."""
    school, year = person.here.establishment_id, school_year(_today())
    asked = _known(db, school).get(form.get("questionnaire", ""))
    if asked is None:
        return False
    joined = campaigns.running(db, school, asked.id, year)
    return bool(asked_enough(db, school, asked, [form.get("class_code", "")], year, joined.id if joined else None))


@dataclass(frozen=True)
class Offer:
    """A questionnaire that a class may be asked today, and the campaign that it would join; without one, it opens
    one."""

    asked: Questionnaire
    running: Campaign | None


def _offers(db: Session, person: Person) -> list[Offer]:
    """What the person may choose from."""
    school, today = person.here.establishment_id, _today()
    mine = {one.campaign.id for one in campaigns.waiting(db, school, person.here.classes)}
    found = []
    for asked in _known(db, school).values():
        running = campaigns.running(db, school, asked.id, school_year(today))
        if running is None:
            possible = opening.may_open(db, school, asked, school_year(today))
        else:
            possible = running.opened_on <= today and (not running.listed or running.id in mine)
        if possible:
            found.append(Offer(asked, running))
    return found


def _form(db: Session, person: Person, wanted: Opening | None, typed: Mapping[str, str]) -> str:
    offers, school = _offers(db, person), person.here.establishment_id
    chosen = [one for one in offers if one.running and str(one.running.id) == request.args.get("campaign")]
    waiting = campaigns.waiting(db, school, person.here.classes)
    fresh = [one.asked for one in chosen or offers if one.running is None]
    days = DAYS_OF_FEEDBACK if any(asked.feedback for asked in fresh) else DAYS_TO_CHOOSE
    sentences = _sentences()
    return render_template(
        "ent/surveys/prepare.html",
        classes=[one.class_code for one in waiting if one.campaign == chosen[0].running]
        if chosen
        else person.here.classes,
        offers=chosen or offers,
        announced=bool(chosen) and all(one.running and one.running.listed for one in chosen),
        some_announced=any(one.running and one.running.listed for one in offers),
        place=chosen[0].running.place if chosen and chosen[0].running else "shared",
        errors={name: [sentences[name]] for name in (wanted.problems if wanted else ())},
        overlapping=wanted.overlapping if wanted else (),
        enough=wanted is not None and wanted.enough,
        typed=typed,
        ends=_ends(db, school, days) if fresh else [],
        some_feedback=any(asked.feedback for asked in fresh),
    )


def _ends(db: Session, school: UUID, choices: tuple[int, ...]) -> list[tuple[str, str]]:
    """How long a campaign may be open, and the last day that is announced then."""
    is_school_day = establishments.calendar(db, school).is_school_day
    ends = {number: day(announced_end(_today(), is_school_day, number)) for number in choices}
    words = {
        1: lambda end: _("Un jour : jusqu’au %(day)s", day=end),
        7: lambda end: _("Une semaine : jusqu’au %(day)s", day=end),
        14: lambda end: _("Deux semaines : jusqu’au %(day)s", day=end),
        28: lambda end: _("Quatre semaines : jusqu’au %(day)s", day=end),
    }
    return [(str(number), words[number](end)) for number, end in ends.items()]


def _sentences() -> dict[str, str]:
    """What to correct, by field."""
    return {
        "class_code": _("Choisir une classe."),
        "others": _("L’enquête est déjà ouverte pour un groupe qui a peut-être les mêmes élèves."),
        "questionnaire": _("Choisir un questionnaire."),
        "place": _("Choisir où la classe répond."),
        "pupils": _("Écrire un nombre d’élèves de 1 à 60, ou rien."),
        "days": _("Choisir une fin de la liste. Un seul jour ne va que pour une leçon ou une sortie."),
        "third": _("Dire que vous savez que la classe répond pour la troisième fois cette année."),
        "told": _("Prévenir les familles dix jours avant, puis cocher cette case."),
    }


def _today() -> date:
    return paris(datetime.now(UTC)).date()
