"""Paper cards on the staff's side: a sheet for some of a class, and the two halves of one that answers by cards alone.

Codes stand on the one page that is printed, and nowhere else.
"""

from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from uuid import UUID

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ent_module.establishments.calendar import paris
from ent_module.identity.model import Person
from ent_module.surveys import campaigns
from ent_module.surveys.card_rules import LARGEST, For
from ent_module.surveys.drawing import drawing
from ent_module.surveys.service import card_classes, cards, issuing
from ent_module.surveys.staff_views import classes_page, own_class
from ent_module.web import errors
from ent_module.web.house import house
from ent_module.web.pages import render_template


def sheet(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """Cards for some of a class of the person's, or for lost questionnaires, to be printed."""
    here, class_code, purpose = person.here, own_class(person), _purpose()
    number = _number("cards", 99)
    try:
        with _refused():
            codes = cards.make(db, house().keys, here.establishment_id, campaign_id, class_code, number, purpose)
    except cards.TooManyCardsError as too_many:
        told = {"cards": [_too_many(purpose, too_many.limit.all, too_many.limit.left)]}
        return make_response(classes_page(db, person, told, (campaign_id, class_code)), 422)
    return _printed(class_code, codes)


def waiting(db: Session, person: Person) -> ResponseReturnValue:
    """What waits for a second adult, and one's own halves."""
    found = card_classes.requests(db, person.here.establishment_id, person.here.account_id)
    titles = {one.campaign.id: campaigns.asked(db, one.campaign).title for one in found}
    return render_template("ent/surveys/card_classes.html", requests=found, titles=titles)


def ask(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """Asks for cards for a whole class of the person's."""
    here, class_code, pupils = person.here, own_class(person), _number("pupils", LARGEST)
    if not pupils:
        told = {"pupils": [_("Écrire un nombre d’élèves de 1 à %(most)s.", most=LARGEST)]}
        return make_response(classes_page(db, person, told, (campaign_id, class_code)), 422)
    with _refused():
        card_classes.ask(db, here.establishment_id, campaign_id, class_code, pupils, here.account_id, _today())
    return _back()


def confirm(db: Session, person: Person, request_id: UUID) -> ResponseReturnValue:
    """The second adult agrees."""
    here = person.here
    with _refused():
        card_classes.confirm(db, here.establishment_id, request_id, here.account_id, _today())
    return _back()


def withdraw(db: Session, person: Person, request_id: UUID) -> ResponseReturnValue:
    """Takes back a request of one's own."""
    with _refused():
        card_classes.withdraw(db, person.here.establishment_id, request_id, person.here.account_id)
    return _back()


def half(db: Session, person: Person, request_id: UUID) -> ResponseReturnValue:
    """One's own half of a class's cards, to be printed."""
    here = person.here
    with _refused():
        found = card_classes.print_half(db, house().keys, here.establishment_id, request_id, here.account_id)
    return _printed(*found)


def _refused() -> AbstractContextManager[None]:
    """Says why a class gets no cards: there is nothing of the kind, it is over, or its pupils have answered."""
    return errors.refused(
        {
            issuing.EndedError: _("L’enquête de cette année est close. Elle ne s’ouvre qu’une fois par an."),
            card_classes.AnsweredAlreadyError: _(
                "Des élèves de cette classe ont déjà un questionnaire ou une carte. Ils pourraient répondre deux fois."
            ),
            card_classes.OnePersonError: _("Un deuxième adulte doit confirmer."),
            card_classes.PrintedError: _("Vos cartes sont déjà faites. Leurs codes ne sont gardés nulle part."),
            cards.CardsAloneError: _("Cette classe répond avec des cartes : il n’y en a pas d’autres."),
        }
    )


def _printed(class_code: str, codes: list[str]) -> str:
    settings = house().settings
    address = f"{settings.public_url.rstrip('/')}{settings.url_prefix}-ballots/card"
    drawn = [(code, drawing(f"{address}#{code.replace(' ', '')}")) for code in codes]
    return render_template("ent/surveys/sheet.html", cards=drawn, class_code=class_code, address=address)


def _purpose() -> For:
    return For.LOST if request.form.get("purpose") == For.LOST else For.SOME


def _number(name: str, most: int) -> int:
    """The number in that field; 0 for anything else and for one that is too large."""
    typed = request.form.get(name, "").strip()
    found = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 3 else 0
    return found if found <= most else 0


def _too_many(purpose: For, most: int, left: int) -> str:
    told = {
        For.SOME: _("Une carte pour cinq élèves au plus : %(all)s pour cette classe.", all=most),
        For.LOST: _(
            "%(all)s cartes de remplacement au plus par classe, et trois pour cent dans l’établissement.", all=most
        ),
    }
    return " ".join((told[purpose], _("Il en reste %(left)s.", left=left)))


def _back() -> ResponseReturnValue:
    return redirect(url_for("ent_surveys_staff.card_classes"), 303)


def _today() -> date:
    return paris(datetime.now(UTC)).date()
