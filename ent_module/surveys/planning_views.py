"""The head's side before a campaign opens: announcing a draft, telling families or the adults who are asked."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import paris
from ent_module.identity.model import Person
from ent_module.languages import LANGUAGES
from ent_module.privacy.disclosure import FLOOR
from ent_module.surveys import campaigns, own
from ent_module.surveys.burden import asked_enough
from ent_module.surveys.cohorts import Enrolled, Group, divide
from ent_module.surveys.model import State, Where
from ent_module.surveys.naming import named
from ent_module.surveys.parts import Audience
from ent_module.surveys.plan import LEVELS_OF, OTHER, TOLD_BEFORE, Told, read_notice
from ent_module.surveys.results_views import the_campaign
from ent_module.surveys.service import planning
from ent_module.surveys.service.opening import OtherAudienceError
from ent_module.surveys.tables import Campaign, CampaignClass
from ent_module.web import errors
from ent_module.web.house import house
from ent_module.web.pages import part_in, render_template
from ent_module.web.parts import day


def planned(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """A draft with the form that announces it, or what was announced; afterwards there is another page."""
    one = the_campaign(db, person, campaign_id)
    if one.state == State.DRAFT:
        return _draft_page(db, one, {}, {})
    if one.state == State.ANNOUNCED:
        return render_template("ent/surveys/announced.html", **_told(db, one))
    return redirect(url_for("ent_surveys_staff.campaign", campaign_id=one.id), 303)


def announce(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """Freezes a draft, makes its keys and shows the notice."""
    one, today = the_campaign(db, person, campaign_id), _today()
    if one.state != State.DRAFT:
        return _planned(one.id)
    known = own.questionnaires_for(db, one.establishment_id, tuple(Audience))
    if (asked := known.get(one.questionnaire)) is None:
        raise errors.Refused(
            _("Ce questionnaire n’est pas proposé ici : il attend votre accord, ou ses questions ne sont pas posées.")
        )
    read = read_notice(request.form, one.opened_on, today, asked.audience, enough=bool(_enough(db, one)))
    if read.notice is None:
        wrong = _why(one, asked.audience, read.problems, today)
        return make_response(_draft_page(db, one, wrong, request.form), 422)
    try:
        planning.announce(
            db, house().store, one.establishment_id, one.id, asked, read.notice, person.here.account_id, today
        )
    except OtherAudienceError:
        raise errors.Refused(
            _("Ce questionnaire ne s’adresse plus aux mêmes personnes. Changez le brouillon, puis annoncez.")
        ) from None
    except planning.TooSoonError:
        raise errors.Refused(_("Le premier jour est passé. Changez les dates du brouillon, puis annoncez.")) from None
    except planning.NotRehearsedError:
        raise errors.Refused(_("Essayez d’abord la phrase et la feuille : à la fin, il serait trop tard.")) from None
    except planning.RunningError:
        raise errors.Refused(
            _("Une autre enquête avec ce questionnaire est annoncée ou ouverte. Elle doit finir avant.")
        ) from None
    return _planned(one.id)


def notice(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """What families, parents or staff are told, in every language, to be printed."""
    one = the_campaign(db, person, campaign_id)
    if one.state == State.DRAFT or not one.listed:
        return _planned(one.id)
    told = {**_told(db, one), "school": person.here.name}
    asked = campaigns.asked(db, one)
    told["questions"] = sum(1 for _item in asked.items(one.level))
    words = "_notice" if asked.audience is Audience.PUPILS else "_notice_adults"
    sheets = [(code, part_in(code, f"ent/surveys/{words}.html", **told)) for code in LANGUAGES]
    return render_template("ent/surveys/notice.html", campaign=one, asked=asked, sheets=sheets)


def call_off(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """Forgets what was announced."""
    one = the_campaign(db, person, campaign_id)
    try:
        planning.call_off(db, house().store, one.establishment_id, one.id, person.here.account_id, _today())
    except planning.OpenError:
        raise errors.Refused(_("Cette enquête a déjà ouvert. Elle se clôt le dernier jour annoncé.")) from None
    return redirect(url_for("ent_surveys_staff.campaigns"), 303)


def _planned(campaign_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("ent_surveys_staff.planned", campaign_id=campaign_id), 303)


def _why(one: Campaign, audience: Audience, problems: tuple[str, ...], today: date) -> dict[str, list[str]]:
    earliest, latest = today + TOLD_BEFORE[audience], min(one.opened_on - TOLD_BEFORE[audience], today)
    soonest, at_last = {"day": day(earliest)}, {"day": day(latest)}
    too_soon, how, told_on = {
        Audience.PUPILS: lambda: (
            _(
                "Les familles le savent dix jours avant. Annoncée aujourd’hui, l’enquête ouvre le %(day)s au plus tôt.",
                **soonest,
            ),
            _("Choisir comment les familles sont prévenues."),
            _("Écrire le jour où les familles ont été prévenues : le %(day)s au plus tard.", **at_last),
        ),
        Audience.PARENTS: lambda: (
            _(
                "Les parents le savent dix jours avant. Annoncée aujourd’hui, l’enquête ouvre le %(day)s au plus tôt.",
                **soonest,
            ),
            _("Choisir comment les parents sont prévenus."),
            _("Écrire le jour où les parents ont été prévenus : le %(day)s au plus tard.", **at_last),
        ),
        Audience.STAFF: lambda: (
            _(
                "Le personnel le sait la veille. Annoncée aujourd’hui, l’enquête ouvre le %(day)s au plus tôt.",
                **soonest,
            ),
            _("Choisir comment le personnel est prévenu."),
            _("Écrire le jour où le personnel a été prévenu : le %(day)s au plus tard.", **at_last),
        ),
    }[audience]()
    told = too_soon if request.form.get("told") == Told.NOTICE else how
    third = _("Dire que vous savez que des classes répondent pour la troisième fois cette année.")
    return {name: [{"told": told, "told_on": told_on, "third": third}[name]] for name in problems}


def _enough(db: Session, one: Campaign) -> list[str]:
    """The classes of a draft that have been asked often enough this year."""
    classes = [row.class_code for row in campaigns.audience(db, one)]
    return asked_enough(db, one.establishment_id, campaigns.asked(db, one), classes, one.school_year, one.id)


def _draft_page(db: Session, one: Campaign, wrong: Mapping[str, list[str]], typed: Mapping[str, str]) -> str:
    asked = campaigns.asked(db, one)
    return render_template(
        "ent/surveys/draft.html",
        errors=wrong,
        typed=typed,
        levels=LEVELS_OF[one.level],
        other=OTHER,
        earliest=_today() + TOLD_BEFORE[asked.audience],
        enough=_enough(db, one),
        running=campaigns.running(db, one.establishment_id, one.questionnaire, one.school_year),
        groups=_groups(campaigns.audience(db, one)) if asked.audience is Audience.PUPILS else (),
        named=named,
        days=_school_days(db, one) if asked.audience is Audience.PUPILS and one.place != Where.HOME else None,
        **_told(db, one),
    )


def _groups(audience: Sequence[CampaignClass]) -> tuple[Group, ...]:
    """Whom results will tell apart, if enough of them take part."""
    return divide(Enrolled(row.class_code, row.level or OTHER, row.enrolled or 0) for row in audience)


def _school_days(db: Session, one: Campaign) -> int:
    """How many days of its window are days of school."""
    known, length = establishments.calendar(db, one.establishment_id), (one.closes_on - one.opened_on).days + 1
    return sum(known.is_school_day(one.opened_on + timedelta(days=number)) for number in range(length))


def _told(db: Session, one: Campaign) -> dict[str, object]:
    audience = campaigns.audience(db, one)
    return {
        "campaign": one,
        "asked": campaigns.asked(db, one),
        "audience": audience,
        "enrolled": sum(row.enrolled or 0 for row in audience),
        "floor": FLOOR,
    }


def _today() -> date:
    return paris(datetime.now(UTC)).date()
