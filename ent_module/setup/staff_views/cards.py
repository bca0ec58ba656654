"""Contact cards: their list, and one card a page."""

from typing import Any
from uuid import uuid4

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, HTTPException, NotFound

from ent_module.identity.model import Person
from ent_module.setup import model, sentences, service
from ent_module.setup.model import Problem, Problems
from ent_module.setup.seen import TamperedError
from ent_module.setup.staff_views import common
from ent_module.web.house import house
from ent_module.web.pages import render_template

_STEPS = {"up": -1, "down": 1}


def listed(db: Session, person: Person, *, meanwhile: str = "", status: int = 200) -> ResponseReturnValue:
    """The cards as they are prepared, and what pupils will see of them."""
    place = person.here.establishment_id
    cards = service.shown(db, place, "cards")
    tokens = {card["id"]: service.card_token(house().keys, place, card["id"], card) for card in cards}
    names = dict(service.card_adults(db, place))
    beside = common.around(db, person, "cards")
    return (
        render_template(
            "ent/setup/cards.html",
            cards=cards,
            tokens=tokens,
            names=names,
            full=len(cards) >= model.CARDS,
            meanwhile=meanwhile,
            **beside,
        ),
        status,
    )


def cards(db: Session, person: Person) -> ResponseReturnValue:
    """The list of cards."""
    return listed(db, person)


def new(db: Session, person: Person) -> ResponseReturnValue:
    """A card to be added. Its id is made with the form, so that a form sent twice makes one card."""
    if request.method == "GET":
        return _form(db, person, str(uuid4()), dict.fromkeys(model.CARD_LENGTHS, ""))
    return _save(db, person, request.form.get("card_id", ""), unknown=BadRequest)


def card(db: Session, person: Person, card_id: str) -> ResponseReturnValue:
    """One card of the establishment."""
    current = model.card_of(service.shown(db, person.here.establishment_id, "cards"), card_id)
    if request.method == "POST":
        return _save(db, person, card_id, unknown=BadRequest if current else NotFound)
    if current is None:
        raise NotFound
    return _form(db, person, card_id, {key: str(value or "") for key, value in current.items()})


def _save(db: Session, person: Person, card_id: str, unknown: type[HTTPException]) -> ResponseReturnValue:
    """Keeps a card. `unknown` answers a form that we did not make: another school's card is nobody's here."""
    place, typed, given = person.here.establishment_id, request.form.to_dict(), request.form.get("seen", "")
    read = model.read_card(typed, [account for account, _name in service.card_adults(db, place)])
    try:
        service.card_unchanged(db, house().keys, place, card_id, given)
        if read.problems:
            return _form(db, person, card_id, typed, problems=read.problems, given=given, status=422)
        service.save_card(db, house().keys, place, {"id": card_id, **read.value}, given)
    except TamperedError:
        raise unknown from None
    except service.AdultHasACardError:
        twice: Problems = {"account_id": [Problem.ADULT_HAS_A_CARD]}
        return _form(db, person, card_id, typed, problems=twice, given=given, status=422)
    except service.TooManyCardsError:
        full: Problems = {"name": [Problem.TOO_MANY_CARDS]}
        return _form(db, person, card_id, typed, problems=full, given=given, status=422)
    except service.ChangedMeanwhileError:
        return _form(db, person, card_id, typed, meanwhile=True, status=409)
    return redirect(url_for(".cards"), 303)


def _form(
    db: Session,
    person: Person,
    card_id: str,
    typed: dict[str, str],
    *,
    problems: Problems | None = None,
    given: str = "",
    meanwhile: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    place = person.here.establishment_id
    current: dict[str, Any] | None = model.card_of(service.shown(db, place, "cards"), card_id)
    return (
        render_template(
            "ent/setup/card.html",
            card_id=card_id,
            current=current,
            typed=typed,
            adults=service.card_adults(db, place),
            errors=sentences.of_problems(problems or {}),
            seen=given or service.card_token(house().keys, place, card_id, current),
            meanwhile=meanwhile,
            limits=model.CARD_LENGTHS,
            preview=common.around(db, person, "cards")["preview"],
        ),
        status,
    )


def remove(db: Session, person: Person, card_id: str) -> ResponseReturnValue:
    """Takes a card off the draft."""
    try:
        service.remove_card(db, house().keys, person.here.establishment_id, card_id, request.form.get("seen", ""))
    except TamperedError:
        ours = model.card_of(service.shown(db, person.here.establishment_id, "cards"), card_id)
        raise (BadRequest if ours else NotFound) from None
    except service.ChangedMeanwhileError:
        return listed(db, person, meanwhile="saved", status=409)
    return redirect(url_for(".cards"), 303)


def publish(db: Session, person: Person) -> ResponseReturnValue:
    """Makes the cards that were shown what everyone sees."""
    try:
        service.publish(db, house().keys, person.here, "cards", request.form.get("seen", ""), common.today())
    except TamperedError:
        raise BadRequest from None
    except service.ChangedMeanwhileError:
        return listed(db, person, meanwhile="published", status=409)
    return redirect(url_for(".cards"), 303)


def move(db: Session, person: Person, card_id: str) -> ResponseReturnValue:
    """Moves a card up or down by one."""
    step = _STEPS.get(request.form.get("to", ""))
    if step is None:
        raise BadRequest
    if not service.move_card(db, person.here.establishment_id, card_id, step):
        raise NotFound
    return redirect(url_for(".cards"), 303)
