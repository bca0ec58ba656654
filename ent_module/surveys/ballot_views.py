"""Where ballots arrive, beside our prefix: nobody is signed in here, and no cookie of ours is read.

The script's address takes what a browser has sealed. The card's pages seal for whoever has no script: there the server
sees the answers for as long as the request lasts.
"""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, Gone, HTTPException, NotFound, ServiceUnavailable

from ent_module.establishments.model import Kind
from ent_module.helplines import service as helplines
from ent_module.privacy import generation
from ent_module.privacy.key_store import LostKeyError
from ent_module.surveys import campaigns, written
from ent_module.surveys.model import Problem, Reading, read_answers
from ent_module.surveys.protocol import MalformedBallotError
from ent_module.surveys.service import barrier, cards, pool
from ent_module.surveys.service.pool import Outcome
from ent_module.web.house import house
from ent_module.web.pages import render_template

_PIECE = 4096
"""Bytes: the answer is as long whoever has begun, and for up to a hundred classes."""
_STATUS = {Outcome.TAKEN: 204, Outcome.OTHER: 409, Outcome.ENDED: 410}


def keys(db: Session, _person: None, fingerprint: str) -> ResponseReturnValue:
    """The list of public keys with that digest: the same bytes for everyone."""
    document = campaigns.keys_named(db, fingerprint)
    if document is None:
        raise NotFound
    return Response(document, mimetype="application/json")


def take(db: Session, _person: None, establishment_id: UUID, campaign_id: UUID) -> ResponseReturnValue:
    """A sealed ballot (octets). 204 once it is kept, at each repetition; 409 for another one; 410 after the end."""
    _refuse_out_of_step(db)
    try:
        outcome = pool.take(db, establishment_id, campaign_id, request.get_data(), datetime.now(UTC), _grace())
    except MalformedBallotError:
        raise BadRequest from None
    return Response(status=_STATUS[outcome])


def begun(db: Session, _person: None, establishment_id: UUID, campaign_id: UUID) -> ResponseReturnValue:
    """Which classes answer by now: asked in the same words by everyone in the school, and answered in the same bytes.

    Nothing in it is about a pupil or the class of whoever asks. 410 once the campaign is not open.
    """
    found = barrier.begun(db, establishment_id, campaign_id)
    if not found:
        raise Gone
    told = json.dumps({"classes": {one.hex: int(answers) for one, answers in found.items()}})
    return Response(told.ljust(-(-len(told) // _PIECE) * _PIECE), mimetype="application/json")


def card(_db: Session, _person: None) -> ResponseReturnValue:
    """Asks for the code of a card."""
    return render_template("ent/surveys/card.html", errors={}, typed="")


def card_questions(db: Session, _person: None) -> ResponseReturnValue:
    """The questions, for the code that was typed."""
    typed = request.form.get("code", "")
    drawn = _drawn(db, typed)
    if drawn is None:
        errors = {"code": [_("Ce code n’est pas celui d’une carte. Regarde bien chaque signe.")]}
        return make_response(render_template("ent/surveys/card.html", errors=errors, typed=typed), 422)
    if drawn.used:
        return _after(Outcome.OTHER, drawn)
    return _card_page(db, drawn, typed, Reading({}, {}))


def card_send(db: Session, _person: None) -> ResponseReturnValue:
    """Seals the answers within the request and keeps the ballot.

    Whatever goes wrong is raised anew, from a frame that holds nothing: an error report that unfolds local variables
    would send away what somebody answered.
    """
    try:
        return _seal_and_keep(db, _taken_form())
    except HTTPException:
        raise
    except Exception as error:  # noqa: BLE001  # its kind is told below
        failed = type(error).__name__
    raise RuntimeError(f"a card's ballot was not kept: {failed}")


def _taken_form() -> dict[str, list[str]]:
    """What was sent, which the request then holds no longer."""
    sent = request.form.to_dict(flat=False)
    vars(request._get_current_object()).pop("form")  # type: ignore[attr-defined]  # noqa: SLF001  # werkzeug's own
    return sent


def _seal_and_keep(db: Session, form: dict[str, list[str]]) -> ResponseReturnValue:
    typed = next(iter(form.pop("code", [])), "")
    drawn = _drawn(db, typed)
    if drawn is None:
        raise NotFound
    campaign = drawn.campaign
    sent = {} if "blank" in form else form
    reading = read_answers(campaigns.asked(db, campaign), campaign.level, sent)
    if reading.problems:
        return make_response(_card_page(db, drawn, typed, reading), 422)
    answers = json.dumps(reading.answers, ensure_ascii=False, separators=(",", ":")).encode()
    return _after(cards.send(db, drawn, answers, datetime.now(UTC) - _grace()), drawn)


def _refuse_out_of_step(db: Session) -> None:
    """Whoever sends goes on waiting while the database is of another time than the keys (`restoring`)."""
    if not generation.fits(db, house().store):
        raise ServiceUnavailable


def _drawn(db: Session, typed: str) -> cards.Drawn | None:
    _refuse_out_of_step(db)
    try:
        return cards.drawn(db, house().keys, house().store, typed)
    except LostKeyError:
        raise ServiceUnavailable from None


def _card_page(db: Session, drawn: cards.Drawn, typed: str, reading: Reading) -> str:
    sentences = {
        Problem.NO_SUCH_CHOICE: _("Cette réponse n’est pas dans la liste. Choisis parmi celles d’ici."),
        Problem.ONE_ONLY: _("Choisis une seule réponse."),
        Problem.NO_SUCH_NUMBER: _("Ce nombre ne va pas ici. Écris-en un autre, ou rien."),
        Problem.TOO_LONG: _("Ce texte est trop long : %(most)s signes au plus. Raccourcis-le.", most=written.LONGEST),
        Problem.NO_SUCH_QUESTION: _("Une réponse ne va avec aucune question. Elle est laissée de côté."),
    }
    asked = campaigns.asked(db, drawn.campaign)
    known = {item.id for item in asked.items(drawn.campaign.level)}
    errors = {
        field if field in known else "questions": [sentences[problem]] for field, problem in reading.problems.items()
    }
    return render_template(
        "ent/surveys/card_questions.html",
        campaign=drawn.campaign,
        asked=asked,
        typed=typed,
        chosen={**reading.answers, **reading.typed},
        errors=errors,
        young=drawn.campaign.level == Kind.ECOLE,
    )


def _after(outcome: Outcome, drawn: cards.Drawn) -> ResponseReturnValue:
    page = render_template(
        "ent/surveys/card_after.html",
        outcome=outcome,
        young=drawn.campaign.level == Kind.ECOLE,
        numbers=helplines.lines(helplines.FOR_PUPILS),
        now=datetime.now(UTC),
    )
    return make_response(page, 410 if outcome is Outcome.ENDED else 200)


def _grace() -> timedelta:
    return timedelta(minutes=house().settings.grace_minutes)
