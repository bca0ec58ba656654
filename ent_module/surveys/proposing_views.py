"""What a level above proposes to its schools, and how many have come how far.

Referents propose: they are who act for a level. Whoever only looks at a territory sees the same figures.
"""

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
from ent_module.identity.model import Person, Role
from ent_module.surveys import content
from ent_module.surveys.model import Questionnaire
from ent_module.surveys.plan import NOTICE, proposed_day, read_window
from ent_module.surveys.service import proposing
from ent_module.web.pages import render_template


def listed(db: Session, person: Person) -> ResponseReturnValue:
    """What was proposed, and the form of the next."""
    is_school_day = establishments.calendar(db, person.here.establishment_id).is_school_day
    return _page(db, person, {}, {"opens_on": proposed_day(_today() + 2 * NOTICE, is_school_day).isoformat()})


def propose(db: Session, person: Person) -> ResponseReturnValue:
    """Proposes a questionnaire and a window."""
    here, today, asked = person.here, _today(), request.form.get("questionnaire", "")
    window, problems = read_window(request.form, today)
    if asked not in _shelf():
        problems = ("questionnaire", *problems)
    if problems or window is None:
        return make_response(_page(db, person, _why(problems), request.form), 422)
    try:
        proposing.propose(db, here.establishment_id, asked, window, here.account_id, today)
    except proposing.NotALevelAboveError:
        raise NotFound from None
    return redirect(url_for("ent_surveys_staff.proposals"), 303)


def withdraw(db: Session, person: Person, proposal_id: UUID) -> ResponseReturnValue:
    """Withdraws a proposal of the person's level."""
    try:
        proposing.withdraw(db, person.here.establishment_id, proposal_id, person.here.account_id, _today())
    except LookupError:
        raise NotFound from None
    return redirect(url_for("ent_surveys_staff.proposals"), 303)


def _page(db: Session, person: Person, wrong: Mapping[str, list[str]], typed: Mapping[str, str]) -> str:
    if person.here.kind.is_school:
        raise NotFound
    shelf = _shelf()
    found = proposing.proposals(db, person.here.establishment_id)
    return render_template(
        "ent/surveys/proposals.html",
        asked=shelf.values(),
        found=[(one, shelf.get(one.questionnaire), proposing.reached(db, one)) for one in found],
        may_propose=person.here.has(Role.REFERENT),
        today=_today(),
        errors=wrong,
        typed=typed,
    )


def _shelf() -> Mapping[str, Questionnaire]:
    """What schools ask, at whatever level, and whomever it is for."""
    return content.questionnaires()


def _why(problems: tuple[str, ...]) -> dict[str, list[str]]:
    sentences = {
        "questionnaire": _("Choisir un questionnaire."),
        "opens_on": _("Choisir un premier jour, aujourd’hui ou plus tard."),
        "closes_on": _("Choisir un dernier jour, après le premier, dans les huit semaines qui le suivent."),
    }
    return {name: [sentences[name]] for name in problems}


def _today() -> date:
    return paris(datetime.now(UTC)).date()
