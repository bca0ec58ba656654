"""The head's page that opens a questionnaire for all parents, or for all who work at the school."""

from datetime import UTC, date, datetime

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import paris, school_year
from ent_module.identity.model import Person
from ent_module.privacy.disclosure import FLOOR
from ent_module.surveys import campaigns, own
from ent_module.surveys.model import Joining, Where, announced_end
from ent_module.surveys.parts import WHOLE_SCHOOL, Audience
from ent_module.surveys.service import opening
from ent_module.web import errors
from ent_module.web.house import house
from ent_module.web.pages import render_template

_PLACES = {Audience.PARENTS: Where.HOME, Audience.STAFF: Where.SHARED}
"""Parents answer on their own devices; staff rooms have computers for all, on which nothing may outlive the tab."""


def prepare(db: Session, person: Person) -> ResponseReturnValue:
    """Which questionnaires there are for adults, and the form that opens one."""
    return _page(db, person, {})


def open_for_adults(db: Session, person: Person) -> ResponseReturnValue:
    """Opens it for all parents, or all staff, of the school."""
    here, known = person.here, own.questionnaires_for(db, person.here.establishment_id, WHOLE_SCHOOL.keys())
    asked = known.get(request.form.get("questionnaire", ""))
    wrong = {}
    if asked is None:
        wrong["questionnaire"] = [_("Choisir un questionnaire.")]
    if request.form.get("told") != "yes":
        wrong["told"] = [_("Prévenir ces personnes, puis cocher cette case.")]
    if asked is None or wrong:
        return make_response(_page(db, person, wrong), 422)
    joining = Joining(WHOLE_SCHOOL[asked.audience], where=_PLACES[asked.audience])
    try:
        made = opening.open_class(db, house().store, here.establishment_id, asked, joining, here.account_id, _today())
    except opening.ClosedCampaignError:
        raise errors.Refused(_("L’enquête de cette année est close. Elle ne s’ouvre qu’une fois par an.")) from None
    except opening.NotASchoolError:
        raise NotFound from None
    return redirect(url_for(".campaign", campaign_id=made.id), 303)


def _page(db: Session, person: Person, wrong: dict[str, list[str]]) -> str:
    here, today = person.here, _today()
    if not here.kind.is_school:
        raise NotFound
    opened = {
        one.questionnaire for one in campaigns.campaigns(db, here.establishment_id) if _is_of(one.school_year, today)
    }
    known = own.questionnaires_for(db, here.establishment_id, WHOLE_SCHOOL.keys())
    return render_template(
        "ent/surveys/adults.html",
        asked=[one for one in known.values() if one.id not in opened],
        typed=request.form,
        end=announced_end(today, establishments.calendar(db, here.establishment_id).is_school_day),
        floor=FLOOR,
        errors=wrong,
    )


def _is_of(year: int, today: date) -> bool:
    return year == school_year(today)


def _today() -> date:
    return paris(datetime.now(UTC)).date()
