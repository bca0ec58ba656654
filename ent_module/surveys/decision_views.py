"""The head's pages on what is asked only where a head wants it: sensitive questions, and questions that are answered in
words. Which they are, what is settled before, and whether they are asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, NotFound

from ent_module.establishments.calendar import paris
from ent_module.identity.model import Person
from ent_module.privacy.disclosure import FLOOR
from ent_module.surveys import own, sensitive
from ent_module.surveys.parts import Agreement, Settled
from ent_module.surveys.sensitive import Wanted
from ent_module.web.pages import render_template


@dataclass(frozen=True)
class _Decision:
    """One of the two: its pages, and what must be settled before."""

    what: Wanted
    page: str
    template: str
    agreements: Callable[[], Mapping[str, str]]


def sensitive_questions(db: Session, person: Person) -> ResponseReturnValue:
    """The sensitive questions word for word, and the decision as it is."""
    return _page(db, person, _SENSITIVE, {})


def decide(db: Session, person: Person) -> ResponseReturnValue:
    """Keeps the decision on them: to ask needs every agreement, not to ask needs none."""
    return _decide(db, person, _SENSITIVE)


def text_questions(db: Session, person: Person) -> ResponseReturnValue:
    """The questions that are answered in words, and the decision as it is."""
    return _page(db, person, _TEXTS, {})


def decide_texts(db: Session, person: Person) -> ResponseReturnValue:
    """Keeps the decision on them, as above."""
    return _decide(db, person, _TEXTS)


def _decide(db: Session, person: Person, decision: _Decision) -> ResponseReturnValue:
    if (said := request.form.get("asked")) not in {"yes", "no"}:
        raise BadRequest
    wanted = said == "yes"
    if wanted and not set(decision.agreements()) <= set(request.form.getlist("agreed")):
        told = {"agreed": [_("Cocher les trois, une fois que chacune est vraie.")]}
        return make_response(_page(db, person, decision, told), 422)
    here, today = person.here, paris(datetime.now(UTC)).date()
    sensitive.decide(db, here.establishment_id, asked=wanted, by=here.account_id, today=today, what=decision.what)
    return redirect(url_for(decision.page), 303)


def _agreed_on_sensitive() -> Mapping[str, str]:
    return {
        Agreement.READ: _(
            "L’infirmière ou l’infirmier, la psychologue ou le psychologue (PsyEN) ou le service social a lu ces "
            "questions et les accepte."
        ),
        Agreement.PRESENT: _("Un de ces adultes, ou le groupe d’écoute, reçoit les élèves les jours de l’enquête."),
        Agreement.FAMILIES: _("Le message aux familles, dix jours avant, parlera de ces questions."),
    }


def _settled_for_texts() -> Mapping[str, str]:
    return {
        Settled.READERS: _("Il est décidé qui lit les textes, et en combien de jours de classe après les résultats."),
        Settled.NO_SEARCH: _(
            "Personne ne cherche qui a écrit : ni au style, ni à ce qui est raconté, ni en demandant. Qui lit le sait."
        ),
        Settled.FAMILIES: _(
            "Les familles sauront, dix jours avant, que l’on peut écrire quelques mots, et qui les lit."
        ),
    }


_SENSITIVE = _Decision(Wanted.SENSITIVE, ".sensitive_questions", "sensitive", _agreed_on_sensitive)
_TEXTS = _Decision(Wanted.TEXTS, ".text_questions", "text_questions", _settled_for_texts)


def _page(db: Session, person: Person, decision: _Decision, errors: dict[str, list[str]]) -> str:
    here = person.here
    if not here.kind.is_school:
        raise NotFound
    return render_template(
        f"ent/surveys/{decision.template}.html",
        found=own.decided_on(db, here.establishment_id, decision.what),
        asked=sensitive.are_asked(db, here.establishment_id, decision.what),
        agreements=list(decision.agreements().items()),
        typed=request.form.getlist("agreed"),
        level=here.kind,
        floor=FLOOR,
        errors=errors,
    )
