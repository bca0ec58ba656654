"""The browser's side of every sign-in: whoever was here before leaves, whoever arrives gets a fresh session."""

from flask import g
from sqlalchemy.orm import Session

from ent_module.identity.model import Arrival, Person
from ent_module.sign_in.service import enter
from ent_module.web import sessions
from ent_module.web.house import house
from ent_module.web.urls import start_session, web_session


def leave_earlier(db: Session) -> None:
    """Ends the session that the browser had: on a shared computer it may be another child's.

    The first step of a callback that a portal has proved, so that a refusal after it ends that session as well.
    """
    if (earlier := web_session()) is not None:
        earlier.end()
        sessions.save(db, earlier, house().settings)
    greet_nobody()


def greet_nobody() -> None:
    """Lets the answer to this request name nobody; a session that the browser has is left as it is."""
    g.ent_session = g.ent_person = None


def arrive(db: Session, arrival: Arrival) -> Person:
    """Signs the person in, in a session that nobody knew before; the earlier one was left (`leave_earlier`).

    Raises identity's NoEstablishmentError, and RuntimeError where somebody is still here.
    """
    if web_session() is not None:
        raise RuntimeError("whoever was here before has not left")
    session = start_session()
    try:
        return enter(db, house().keys, session, arrival)
    except Exception:
        greet_nobody()
        raise
