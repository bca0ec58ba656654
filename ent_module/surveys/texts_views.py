"""What was written in a survey, for those who read its results: a page of its own, of which nothing is remembered and
no file, report or class's page is made. The head takes a text away for good."""

from datetime import UTC, datetime
from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from ent_module.establishments.calendar import paris
from ent_module.identity.model import Person, Role
from ent_module.privacy.disclosure import FLOOR
from ent_module.surveys import campaigns, waves
from ent_module.surveys.service import texts as service
from ent_module.surveys.tables import Campaign, SurveyText
from ent_module.web.pages import render_template


def texts(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """All texts by question, in the order of their words."""
    one = _released(db, person, campaign_id)
    asked, found = campaigns.asked(db, one), service.texts_of(db, one)
    items = [(item, found.get(item.id)) for item in asked.items(one.level) if item.is_text]
    if not items:
        raise NotFound
    return render_template(
        "ent/surveys/texts.html",
        campaign=one,
        asked=asked,
        found=items,
        leads_it=person.here.has(Role.HEAD),
        floor=FLOOR,
    )


def text(db: Session, person: Person, campaign_id: UUID, text_id: UUID) -> ResponseReturnValue:
    """One text, before it is taken away."""
    return render_template(
        "ent/surveys/text.html", campaign_id=campaign_id, text=_text(db, person, campaign_id, text_id)
    )


def remove(db: Session, person: Person, campaign_id: UUID, text_id: UUID) -> ResponseReturnValue:
    """Takes it away for good."""
    found = _text(db, person, campaign_id, text_id)
    service.remove(db, found, person.here.account_id, paris(datetime.now(UTC)).date())
    return redirect(url_for(".texts", campaign_id=campaign_id), 303)


def _text(db: Session, person: Person, campaign_id: UUID, text_id: UUID) -> SurveyText:
    found = service.text_of(db, _released(db, person, campaign_id), text_id)
    if found is None:
        raise NotFound
    return found


def _released(db: Session, person: Person, campaign_id: UUID) -> Campaign:
    """A campaign of which the person may read the results; others do not exist."""
    here = person.here
    if waves.shown(db, here.establishment_id, campaign_id, shared=not here.has(Role.HEAD)) is None:
        raise NotFound
    return db.get_one(Campaign, (here.establishment_id, campaign_id))
