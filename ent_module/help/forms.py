"""A form's own token, as views use it: made when the page is shown, checked when it comes back."""

from dataclasses import dataclass

from flask import request
from werkzeug.exceptions import BadRequest, Unauthorized

from ent_module.help import sealing
from ent_module.identity.model import Membership, Person
from ent_module.web.house import house
from ent_module.web.urls import web_session


@dataclass(frozen=True)
class Sent:
    """A form that came back: the chance in its token, and the school that its page was for.

    Somebody with two schools may have gone to the other one meanwhile, in another tab.
    """

    nonce: bytes
    place: Membership


def _session() -> bytes:
    session = web_session()
    if session is None:
        raise Unauthorized
    return session.digest


def _purpose(purpose: str, place: Membership | None) -> str:
    return purpose if place is None else f"{purpose} {place.establishment_id}"


def new(purpose: str, place: Membership | None = None) -> str:
    """A token for a form of this session, and of one school where it is sent to that one."""
    return sealing.new_form(house().keys, _session(), _purpose(purpose, place))


def nonce(purpose: str, place: Membership | None = None) -> bytes:
    """The chance in the token that was sent. Raises BadRequest where it was altered or is not this session's."""
    found = sealing.form_nonce(house().keys, _session(), _purpose(purpose, place), request.form.get("token", ""))
    if found is None:
        raise BadRequest
    return found


def sent(purpose: str, person: Person) -> Sent | None:
    """The form that came back; None where its token was altered, or is not of this session and a school of theirs."""
    for place in (person.here, *person.memberships):
        try:
            return Sent(nonce(purpose, place), place)
        except BadRequest:
            continue
    return None
