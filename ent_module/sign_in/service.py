"""The last step of every sign-in."""

from sqlalchemy.orm import Session

from ent_module.identity.model import Arrival, Person, as_session_value
from ent_module.identity.service import welcome
from ent_module.languages import LANGUAGES
from ent_module.web.house import Keys
from ent_module.web.sessions import WebSession


def enter(db: Session, keys: Keys, session: WebSession, arrival: Arrival) -> Person:
    """Puts the person who arrives into a fresh session. Raises identity's NoEstablishmentError."""
    person = welcome(db, keys, arrival)
    session["person"] = as_session_value(person)
    if arrival.language and arrival.language[:2].lower() in LANGUAGES:
        session["language"] = arrival.language[:2].lower()
    return person
