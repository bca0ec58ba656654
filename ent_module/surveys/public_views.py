"""The side of whoever answers, pupils or adults: what happens to answers, the questions, and what comes after them.

The server sees someone open a questionnaire and sign for a token, and no more: who has sent one it does not know.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, Conflict, Gone, Locked, NotFound, ServiceUnavailable

from ent_module.helplines import service as helplines
from ent_module.identity.model import Person, Profile
from ent_module.privacy import generation
from ent_module.privacy.blind import BadBlindedMessageError, SigningFaultError
from ent_module.privacy.key_store import LostKeyError
from ent_module.rooms import Tile
from ent_module.surveys import campaign_keys, campaigns, card_counts
from ent_module.surveys.answering import codes
from ent_module.surveys.model import Questionnaire, State, Where
from ent_module.surveys.naming import named
from ent_module.surveys.protocol import PublishedKeys
from ent_module.surveys.service import issuing
from ent_module.surveys.tables import Campaign, CampaignClass
from ent_module.web.house import house
from ent_module.web.pages import part, render_template
from ent_module.web.urls import Committed

KEPT_FOR = timedelta(days=60)
"""After the announced end, which a head may let pass: a browser at home then forgets a token that was not sent."""


def surveys(db: Session, person: Person) -> ResponseReturnValue:
    """What is open for this pupil's class, for parents, or for staff; a single one opens at once."""
    found = campaigns.open_for(db, person.here.establishment_id, codes(person))
    if len(found) == 1:
        return before(db, person, found[0].id)
    asked = [(campaign, campaigns.asked(db, campaign)) for campaign in found]
    return render_template("ent/surveys/surveys.html", asked=asked)


def before(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """What happens to the answers, said before the first question."""
    campaign, joined = _campaign(db, person, campaign_id)
    return _elsewhere(db, person, campaign) or render_template(
        "ent/surveys/before.html",
        campaign=campaign,
        cohort=PublishedKeys.read(campaign.keys).cohort(joined.cohort_id),
        named=named,
        asked=(asked := campaigns.asked(db, campaign)),
        writes=bool(asked.texts),
        door=_door(db, person),
    )


def questions(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """The whole questionnaire in one answer, so that nothing is asked of the server until the ballot is sent."""
    campaign, joined = _campaign(db, person, campaign_id)
    if (elsewhere := _elsewhere(db, person, campaign)) is not None:
        return elsewhere
    try:
        seat = campaign_keys.seat(house().store, campaign.id, person.here.account_id)
    except LostKeyError:
        raise ServiceUnavailable from None
    asked = campaigns.asked(db, campaign)
    sections = part(
        "ent/surveys/_asked.html",
        (campaign.digest, campaign.level),
        lambda: {"asked": asked, "level": campaign.level},
    )
    return render_template(
        "ent/surveys/questions.html",
        campaign=campaign,
        sections=sections,
        states=_states(person, campaign, asked, in_class=joined.place == Where.CLASS),
        seat=seat.hex,
        joined=joined,
        until=campaign.closes_on + KEPT_FOR,
        **_help(db, person),
    )


def _states(person: Person, campaign: Campaign, asked: Questionnaire, *, in_class: bool) -> str:
    """What the script says on its way, to somebody of this kind."""
    keys, adult, young = campaign.keys_digest, person.profile is not Profile.PUPIL, person.is_young
    values = {"asked": asked, "campaign_id": campaign.id, "keys_digest": keys}
    said = {"adult": adult, "young": young, "in_class": in_class}
    return part(
        "ent/surveys/_states.html",
        (campaign.id, campaign.digest, keys, adult, young, in_class),
        lambda: {**values, **said},
    )


def token(db: Session, person: Person, campaign_id: UUID) -> Committed:
    """Signs the person's blinded token (octets in, octets out)."""
    here = person.here
    if not generation.fits(db, house().store):
        raise ServiceUnavailable
    try:
        sign = issuing.issue(
            db, house().store, here.establishment_id, campaign_id, here.account_id, codes(person), request.get_data()
        )
    except issuing.NotAskedError:
        raise NotFound from None
    except issuing.EndedError:
        raise Gone from None
    except issuing.AnsweringError:
        raise Locked from None
    except issuing.OtherTokenError:
        raise Conflict from None
    except BadBlindedMessageError:
        raise BadRequest from None
    except LostKeyError:
        raise ServiceUnavailable from None
    return Committed(lambda: _signed(sign))


def _signed(sign: Callable[[], bytes]) -> ResponseReturnValue:
    try:
        return Response(sign(), mimetype="application/octet-stream")
    except SigningFaultError:
        raise ServiceUnavailable from None


def after(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """What answering does not do, and where help is: the same for whoever has sent a ballot and whoever has not."""
    _campaign(db, person, campaign_id)
    return render_template("ent/surveys/after.html", ended=False, **_help(db, person))


def _campaign(db: Session, person: Person, campaign_id: UUID) -> tuple[Campaign, CampaignClass]:
    """The campaign, with the class for which it was opened that is this person's; others do not exist."""
    found = campaigns.for_pupil(db, person.here.establishment_id, campaign_id, codes(person))
    if found is None:
        raise NotFound
    return found


def _elsewhere(db: Session, person: Person, campaign: Campaign) -> ResponseReturnValue | None:
    """Where codes are asked for, for a class that answers by cards alone, and the page for whoever comes after the end;
    None where there are questions to ask."""
    if campaign.state == State.OPEN:
        alone = card_counts.card_classes_known(db, campaign.establishment_id, campaign.id)
        by_card = any(alone.get(code) for code in codes(person))
        return redirect(url_for("ent_surveys_ballots.card", lang=get_locale())) if by_card else None
    return make_response(render_template("ent/surveys/after.html", ended=True, **_help(db, person)), 410)


def _help(db: Session, person: Person) -> dict[str, object]:
    return {
        "numbers": helplines.lines(helplines.FOR_PUPILS),
        "now": datetime.now(UTC),
        "door": _door(db, person),
    }


def _door(db: Session, person: Person) -> Tile | None:
    """The way to an adult, as the home page shows it to this person, where the room `help` is installed and open:
    staff read there and do not write."""
    room = house().room("help") if person.profile in {Profile.PUPIL, Profile.PARENT} else None
    return next(iter(sorted(room.tiles(db, person), key=lambda tile: tile.order)), None) if room else None
