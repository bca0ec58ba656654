"""The pupil's side: what happens to answers, the questions, thanks."""

from datetime import UTC, datetime
from uuid import UUID

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from ent_module.helplines import service as helplines
from ent_module.identity.model import Person
from ent_module.rooms import Tile
from ent_module.surveys import campaigns, service
from ent_module.surveys.model import Problem, Reading
from ent_module.surveys.service import BadAnswersError, Outcome
from ent_module.surveys.tables import Campaign
from ent_module.web.house import house
from ent_module.web.pages import render_template


def surveys(db: Session, person: Person) -> ResponseReturnValue:
    """What is open for this pupil's class; a single one opens at once."""
    found = _open(db, person)
    if len(found) == 1:
        return before(db, person, found[0].id)
    asked = [(campaign, campaigns.asked(db, campaign)) for campaign in found]
    return render_template("ent/surveys/surveys.html", asked=asked)


def before(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """What happens to the answers, said before the first question."""
    campaign = _campaign(db, person, campaign_id)
    return _calm_page(db, person, campaign) or render_template(
        "ent/surveys/before.html",
        campaign=campaign,
        asked=campaigns.asked(db, campaign),
        door=_door(db, person),
    )


def questions(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """All questions on one page, so that nothing is sent before the pupil sends it."""
    campaign = _campaign(db, person, campaign_id)
    return _calm_page(db, person, campaign) or _questions(db, campaign, Reading({}, {}))


def send(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """Takes the ballot, blank or not."""
    here, answers = person.here, request.form.to_dict(flat=False)
    try:
        outcome = service.submit(
            db, house().keys, here.establishment_id, campaign_id, here.account_id, here.classes, answers
        )
    except BadAnswersError as bad:
        campaign = _campaign(db, person, campaign_id)
        again = _questions(db, campaign, bad.reading)
        return _calm_page(db, person, campaign) or make_response(again, 422)
    if outcome is Outcome.NOT_ASKED:
        raise NotFound
    if outcome is not Outcome.TAKEN:
        return _calm(db, person, outcome)
    return redirect(url_for("ent_surveys.thanks", campaign_id=campaign_id), 303)


def thanks(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """Thanks, what answering does not do, and where help is."""
    campaign = _campaign(db, person, campaign_id)
    if not campaigns.has_answered(db, house().keys, campaign, person.here.account_id):
        return redirect(url_for("ent_surveys.before", campaign_id=campaign.id), 303)
    return render_template("ent/surveys/thanks.html", outcome=Outcome.TAKEN, **_help(db, person))


def _open(db: Session, person: Person) -> list[Campaign]:
    return campaigns.open_for(db, person.here.establishment_id, person.here.classes)


def _campaign(db: Session, person: Person, campaign_id: UUID) -> Campaign:
    """The campaign, if it was opened for a class of this pupil; others do not exist."""
    campaign = campaigns.campaign_of(db, person.here.establishment_id, campaign_id)
    if campaign is None or not set(person.here.classes) & set(campaigns.classes_of(db, campaign)):
        raise NotFound
    return campaign


def _calm_page(db: Session, person: Person, campaign: Campaign) -> ResponseReturnValue | None:
    """The page for someone who has answered, or who comes after the closing; None where there are questions to ask."""
    if campaign.state != "open":
        return _calm(db, person, Outcome.CLOSED)
    if campaigns.has_answered(db, house().keys, campaign, person.here.account_id):
        return _calm(db, person, Outcome.ALREADY)
    return None


def _calm(db: Session, person: Person, outcome: Outcome) -> ResponseReturnValue:
    page = render_template("ent/surveys/thanks.html", outcome=outcome, **_help(db, person))
    return make_response(page, 410 if outcome is Outcome.CLOSED else 200)


def _questions(db: Session, campaign: Campaign, reading: Reading) -> str:
    sentences = {
        Problem.NO_SUCH_CHOICE: _("Cette réponse n’est pas dans la liste. Choisis parmi celles d’ici."),
        Problem.ONE_ONLY: _("Choisis une seule réponse."),
        Problem.NO_SUCH_NUMBER: _("Ce nombre ne va pas ici. Écris-en un autre, ou rien."),
        Problem.NO_SUCH_QUESTION: _("Une réponse ne va avec aucune question. Elle est laissée de côté."),
    }
    known = {item.id for item in campaigns.asked(db, campaign).items(campaign.level)}
    errors = {
        field if field in known else "questions": [sentences[problem]] for field, problem in reading.problems.items()
    }
    return render_template(
        "ent/surveys/questions.html",
        campaign=campaign,
        asked=campaigns.asked(db, campaign),
        chosen={**reading.answers, **reading.numbers},
        errors=errors,
    )


def _help(db: Session, person: Person) -> dict[str, object]:
    return {
        "numbers": helplines.lines(helplines.FOR_PUPILS),
        "now": datetime.now(UTC),
        "door": _door(db, person),
    }


def _door(db: Session, person: Person) -> Tile | None:
    """The way to an adult, as the home page shows it to this person, where the room `help` is installed and open."""
    room = house().room("help")
    return next(iter(sorted(room.tiles(db, person), key=lambda tile: tile.order)), None) if room else None
