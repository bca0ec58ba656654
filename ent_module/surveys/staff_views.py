"""The teacher's side, which sees how many have a questionnaire, and the head's list, where it is ended."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ent_module.establishments.calendar import paris
from ent_module.identity.model import Person
from ent_module.privacy.disclosure import FLOOR
from ent_module.surveys import campaigns, own, waves
from ent_module.surveys.card_rules import LARGEST
from ent_module.surveys.model import State, Texts
from ent_module.surveys.naming import named
from ent_module.surveys.parts import WHOLE_SCHOOL, Audience
from ent_module.surveys.results_views import the_campaign
from ent_module.surveys.service import closing, proposing
from ent_module.web import errors
from ent_module.web.pages import render_template
from ent_module.web.parts import day


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
        **_to_start(db, person),
        now=paris(datetime.now(UTC)).time(),
        largest=LARGEST,
        errors=errors,
        wrong=wrong,
    )


def own_class(person: Person) -> str:
    """The class in the form. Raises Refused for one that is not the person's; parents and staff are no class."""
    found = request.form.get("class_code", "")
    if found not in person.here.classes or found in WHOLE_SCHOOL.values():
        raise errors.Refused(_("Cette classe n’est pas dans votre liste."))
    return found


def _to_start(db: Session, person: Person) -> dict[str, object]:
    """The classes that wait for their teacher."""
    waiting = campaigns.waiting(db, person.here.establishment_id, person.here.classes)
    return {
        "waiting": waiting,
        "announced": {one.campaign.id: campaigns.asked(db, one.campaign).title for one in waiting},
        "today": _today(),
    }


def campaign_list(db: Session, person: Person) -> ResponseReturnValue:
    """The school's campaigns, with participation."""
    found = [
        (campaign, campaigns.asked(db, campaign).title, campaigns.standing(db, campaign))
        for campaign in campaigns.campaigns(db, person.here.establishment_id)
    ]
    return render_template("ent/surveys/campaigns.html", found=found, proposed=_proposed(db, person), floor=FLOOR)


def _proposed(db: Session, person: Person) -> list[tuple[proposing.Proposed, Texts]]:
    """What levels above propose, with the titles of the questionnaires."""
    known = own.questionnaires_for(db, person.here.establishment_id, tuple(Audience))
    found = proposing.proposed_to(db, person.here.establishment_id, _today())
    return [(one, known[one.proposal.questionnaire].title) for one in found]


def confirm(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """What closing does, said before it is done."""
    one = the_campaign(db, person, campaign_id)
    if one.state != State.OPEN or _today() < one.closes_on:
        return redirect(url_for("ent_surveys_staff.campaign", campaign_id=one.id), 303)
    return render_template(
        "ent/surveys/confirm.html",
        campaign=one,
        asked=campaigns.asked(db, one),
        standing=campaigns.standing(db, one),
        named=named,
        floor=FLOOR,
    )


def close(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """Ends it for good; a second time changes nothing. The tick counts."""
    one = the_campaign(db, person, campaign_id)
    try:
        closing.end(db, person.here.establishment_id, one.id, person.here.account_id, datetime.now(UTC), _today())
    except closing.TooEarlyError as error:
        raise errors.Refused(
            _("La fin est annoncée pour le %(day)s. L’enquête ne se clôt pas avant.", day=day(error.day))
        ) from None
    return redirect(url_for("ent_surveys_staff.campaign", campaign_id=one.id), 303)


def _today() -> date:
    return paris(datetime.now(UTC)).date()
