"""After the end, where the key is in two shares: the head and whoever holds the other share type both, ballots are
counted, and the head says that the paper is torn up."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from ent_module.database import utc
from ent_module.establishments.calendar import paris
from ent_module.identity.model import Person
from ent_module.privacy import audit
from ent_module.privacy.custody import GROUPS, Shares
from ent_module.surveys import campaigns, typed_shares
from ent_module.surveys.model import Custody, State
from ent_module.surveys.results_views import the_campaign
from ent_module.surveys.service import closing, shares
from ent_module.surveys.tables import Campaign
from ent_module.web.house import house
from ent_module.web.pages import render_template


def unlock(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """Where both shares are typed."""
    one = the_campaign(db, person, campaign_id)
    return form(db, one, {}, "unlock") if _waits(one) else _back(one)


def count(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """Opens and counts the ballots in a process of its own; a second time changes nothing."""
    one = the_campaign(db, person, campaign_id)
    if not _waits(one):
        return _back(one)
    errors = attempt(one, lambda given: shares.count(house(), one, given))
    if errors:
        return make_response(form(db, one, errors, "unlock"), 422)
    with house().database.writing() as own:
        audit.note(own, one.establishment_id, person.here.account_id, "survey.unlocked", one.id, _today())
    return _back(one)


def shred(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """Phrase and paper are torn up. Without the tick nothing happens; a second time neither."""
    one = the_campaign(db, person, campaign_id)
    if request.form.get("gone") == "yes":
        closing.paper_gone(db, one.establishment_id, one.id, person.here.account_id, _today())
    return _back(one)


def attempt(campaign: Campaign, work: Callable[[Shares], bool]) -> Mapping[str, list[str]]:
    """Reads both shares from the form and does the work with them; what went wrong, by the names of fields."""
    typed = typed_shares.read(request.form)
    if typed.shares is None:
        return typed.errors
    try:
        with house().database.writing() as own:
            shares.take_try(own, campaign.establishment_id, campaign.id, datetime.now(UTC))
        return {} if work(typed.shares) else typed_shares.do_not_open()
    except shares.TooManyTriesError:
        return typed_shares.too_many()
    except shares.OneShotError:
        return typed_shares.failed()


def form(db: Session, campaign: Campaign, errors: Mapping[str, list[str]], template: str) -> str:
    """The form for both shares, with what was typed."""
    return render_template(
        f"ent/surveys/{template}.html",
        campaign=campaign,
        asked=campaigns.asked(db, campaign),
        errors=errors,
        typed=request.form,
        groups=GROUPS,
    )


def _waits(campaign: Campaign) -> bool:
    """Whether its ballots may be opened now, by their shares."""
    if campaign.custody != Custody.SHARED or campaign.state != State.ENDED or campaign.ended_at is None:
        return False
    return utc(campaign.ended_at) + timedelta(minutes=house().settings.grace_minutes) <= datetime.now(UTC)


def _back(campaign: Campaign) -> ResponseReturnValue:
    return redirect(url_for("ent_surveys_staff.campaign", campaign_id=campaign.id), 303)


def _today() -> date:
    return paris(datetime.now(UTC)).date()
