"""Before a campaign is announced: who will be able to open its ballots, and the two shares, shown once and tried."""

from contextlib import suppress
from datetime import UTC, date, datetime
from uuid import UUID

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ent_module.establishments.calendar import paris
from ent_module.identity.model import Person
from ent_module.privacy import audit
from ent_module.privacy.custody import Shares, written_paper
from ent_module.surveys import campaigns
from ent_module.surveys.drawing import drawing
from ent_module.surveys.model import Custody, State
from ent_module.surveys.results_views import the_campaign
from ent_module.surveys.service import planning, shares
from ent_module.surveys.service.closing import UnknownCampaignError
from ent_module.surveys.tables import Campaign
from ent_module.surveys.unlocking_views import attempt, form
from ent_module.web import errors
from ent_module.web.house import house
from ent_module.web.pages import render_template


def custody(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """The two modes, and how far the chosen one is."""
    one = the_campaign(db, person, campaign_id)
    return _choice(db, one) if one.state == State.DRAFT else _planned(one)


def entrust(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """Keeps the choice. Two new shares stand on this answer alone, and are kept nowhere."""
    one, mode = the_campaign(db, person, campaign_id), request.form.get("mode", "")
    if one.state != State.DRAFT:
        return _planned(one)
    if mode not in set(Custody):
        return make_response(_choice(db, one, wrong=True), 422)
    if mode == Custody.SIMPLE:
        _keep(person, one, None)
        return _planned(one)
    try:
        drawn, wrapped = shares.draw(one.id)
    except shares.OneShotError:
        raise errors.Refused(_("Le serveur n’a pas pu le faire maintenant. Rien n’a changé."), 503) from None
    return _once(db, person, one, drawn) if _keep(person, one, wrapped) else _planned(one)


def rehearse(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """Where both shares are typed, to try them."""
    one = the_campaign(db, person, campaign_id)
    return form(db, one, {}, "rehearse") if _has_shares(one) else _planned(one)


def try_shares(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """Tries them in a process of its own."""
    one = the_campaign(db, person, campaign_id)
    if not _has_shares(one):
        return _planned(one)
    wrong = attempt(one, lambda given: shares.opens(one, given))
    if wrong:
        return make_response(form(db, one, wrong, "rehearse"), 422)
    with suppress(*_GONE), house().database.writing() as own:
        planning.rehearsed(own, one.establishment_id, one.id, one.wrapped or b"", _today())
    return _planned(one)


_GONE = (planning.AnnouncedError, UnknownCampaignError)
"""What may have become of a draft meanwhile, in another tab."""


def _keep(person: Person, one: Campaign, wrapped: bytes | None) -> bool:
    """Whether it was still a draft."""
    with suppress(*_GONE), house().database.writing() as own:
        planning.entrust(own, one.establishment_id, one.id, wrapped)
        audit.note(own, one.establishment_id, person.here.account_id, "survey.entrusted", one.id, _today())
        return True
    return False


def _has_shares(one: Campaign) -> bool:
    return one.state == State.DRAFT and one.wrapped is not None


def _choice(db: Session, one: Campaign, *, wrong: bool = False) -> str:
    return render_template(
        "ent/surveys/custody.html",
        campaign=one,
        asked=campaigns.asked(db, one),
        errors={"mode": [_("Choisir où est la clé.")]} if wrong else {},
    )


def _once(db: Session, person: Person, one: Campaign, drawn: Shares) -> str:
    written = written_paper(drawn.paper)
    return render_template(
        "ent/surveys/shares.html",
        campaign=one,
        asked=campaigns.asked(db, one),
        school=person.here.name,
        phrase=drawn.phrase,
        groups=written.split(),
        drawn=drawing(written.replace(" ", "")),
    )


def _planned(one: Campaign) -> ResponseReturnValue:
    return redirect(url_for("ent_surveys_staff.planned", campaign_id=one.id), 303)


def _today() -> date:
    return paris(datetime.now(UTC)).date()
