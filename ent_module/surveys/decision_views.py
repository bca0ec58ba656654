"""The head's page on sensitive questions: which they are, with whom it is agreed, and whether they are asked."""

from datetime import UTC, datetime

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, NotFound

from ent_module.establishments.calendar import paris
from ent_module.identity.model import Person
from ent_module.surveys import own, sensitive
from ent_module.surveys.parts import Agreement
from ent_module.web.pages import render_template


def sensitive_questions(db: Session, person: Person) -> ResponseReturnValue:
    """The questions word for word, and the decision as it is."""
    return _page(db, person, {})


def decide(db: Session, person: Person) -> ResponseReturnValue:
    """Keeps the decision: to ask needs every agreement, not to ask needs none."""
    if (said := request.form.get("asked")) not in {"yes", "no"}:
        raise BadRequest
    wanted = said == "yes"
    if wanted and not set(Agreement) <= set(request.form.getlist("agreed")):
        return make_response(
            _page(db, person, {"agreed": [_("Cocher les trois, une fois que chacune est vraie.")]}), 422
        )
    here, today = person.here, paris(datetime.now(UTC)).date()
    sensitive.decide(db, here.establishment_id, asked=wanted, by=here.account_id, today=today)
    return redirect(url_for(".sensitive_questions"), 303)


def _agreements() -> dict[Agreement, str]:
    return {
        Agreement.READ: _(
            "L’infirmière ou l’infirmier, la psychologue ou le psychologue (PsyEN) ou le service social a lu ces "
            "questions et les accepte."
        ),
        Agreement.PRESENT: _("Un de ces adultes, ou le groupe d’écoute, reçoit les élèves les jours de l’enquête."),
        Agreement.FAMILIES: _("Le message aux familles, dix jours avant, parlera de ces questions."),
    }


def _page(db: Session, person: Person, errors: dict[str, list[str]]) -> str:
    here = person.here
    if not here.kind.is_school:
        raise NotFound
    return render_template(
        "ent/surveys/sensitive.html",
        found=own.sensitive_questions(db, here.establishment_id),
        asked=sensitive.are_asked(db, here.establishment_id),
        agreements=[(one.value, words) for one, words in _agreements().items()],
        typed=request.form.getlist("agreed"),
        level=here.kind,
        errors=errors,
    )
