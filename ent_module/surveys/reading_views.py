"""Reading the questions before anybody answers: whoever works at the school reads what it may ask, as those who are
asked have it, and prints it. Families who want to read it ask the head."""

from uuid import UUID

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from ent_module.identity.model import Person, Role
from ent_module.surveys import campaigns, own
from ent_module.surveys.accord import Accord
from ent_module.surveys.model import Item, Questionnaire, State
from ent_module.surveys.parts import Audience
from ent_module.surveys.results_views import the_campaign
from ent_module.web.pages import render_template


def listed(db: Session, person: Person) -> ResponseReturnValue:
    """What the school may ask; for its head, also what the school brought, and what was said of it."""
    school, level = _school(person), person.here.kind
    leads_it = person.here.has(Role.HEAD)
    brought = own.rows(db, school) if leads_it else []
    return render_template(
        "ent/surveys/to_read.html",
        known=[one for one in own.known(db, school).values() if one.for_level(level)],
        brought=[(Questionnaire.from_data(row.data), row.accord) for row in brought if row.accord != Accord.NONE],
        leads_it=leads_it,
    )


def questionnaire(db: Session, person: Person, digest: str) -> ResponseReturnValue:
    """A questionnaire as whoever is asked here has it on a telephone. What awaits the head's word is for those alone
    who decide on it or bring it."""
    school = _school(person)
    found = own.by_digest(db, school, digest)
    if found is None or not (person.here.has(Role.HEAD, Role.LOCAL_ADMIN) or found.id in own.known(db, school)):
        raise NotFound
    whole = own.whole_of(db, school, found)
    asked = own.questionnaires_for(db, school, tuple(Audience)).get(whole.id, whole)
    return _page(person, asked, whole, offered=whole.id in own.known(db, school))


def asked_by(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """What a campaign asks, word for word; a draft is known to the head alone, and asks what is offered now."""
    one = the_campaign(db, person, campaign_id)
    if one.state == State.DRAFT:
        if not person.here.has(Role.HEAD):
            raise NotFound
        now = own.questionnaires_for(db, one.establishment_id, tuple(Audience)).get(one.questionnaire)
        if now is not None:
            return _page(person, now, own.whole_of(db, one.establishment_id, now), offered=True)
    asked = campaigns.asked(db, one)
    return _page(person, asked, asked, offered=one.state != State.DRAFT)


def _page(person: Person, asked: Questionnaire, whole: Questionnaire, *, offered: bool) -> str:
    return render_template(
        "ent/surveys/preview.html",
        asked=asked,
        level=person.here.kind,
        sensitive=_marked(asked, whole, person.here.kind),
        offered=offered,
        may_take=person.here.has(Role.LOCAL_ADMIN) and not asked.licence_text,
    )


def _marked(asked: Questionnaire, whole: Questionnaire, level: str) -> list[tuple[Item, bool]]:
    """The questions that are off until the head decides, and whether they are among those that are asked."""
    there = {item.id for item in asked.items(level)}
    return [(item, item.id in there) for item in whole.items(level) if item.sensitive or item.is_text]


def _school(person: Person) -> UUID:
    """Only schools ask. Raises NotFound."""
    if not person.here.kind.is_school:
        raise NotFound
    return person.here.establishment_id
