"""From a portal's frame to a tab of its own, with the same session: the tab has none of the frame's cookies."""

from datetime import UTC, datetime
from typing import Any

from flask import g, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import Unauthorized

from ent_module.web import errors, hand_over, sessions
from ent_module.web.elsewhere import sent_by_us
from ent_module.web.house import house
from ent_module.web.pages import render_template
from ent_module.web.safe_paths import own_path
from ent_module.web.urls import web_session


def new_tab(db: Session, _person: Any) -> ResponseReturnValue:
    """In a portal's frame: the same page in a tab of its own, with the same session."""
    session = web_session()
    if session is None:
        raise Unauthorized
    path = own_path(request.form.get("back", ""), house().settings.home_path)
    token = hand_over.give(db, {"session": session.cookie, "path": path}, datetime.now(UTC))
    return render_template("ent/web/new_tab.html", token=token)


def open_tab(db: Session, _person: Any) -> ResponseReturnValue:
    """In the new tab: takes the session over, once. Quick exit in the one then ends it in the other.

    Only a form of our own page opens it: whoever made a token could otherwise sign others in as themselves, unseen.
    """
    by_us = sent_by_us(request, house().settings)
    found = hand_over.take(db, request.form.get("token", ""), datetime.now(UTC)) if by_us else None
    session = sessions.opened(db, found.get("session", "")) if found is not None else None
    if found is None or session is None:
        again = _("Ouvrir à nouveau cette page depuis le menu du portail.")
        raise errors.Refused(f"{_('Cette ouverture est trop ancienne, ou elle a déjà servi.')} {again}")
    _carry_on(db, session)
    return redirect(found["path"], 303)


def _carry_on(db: Session, session: sessions.WebSession) -> None:
    """Gives this tab that session; another one that the browser had ends: it may be another child's."""
    earlier = web_session()
    if earlier is not None and earlier.digest != session.digest:
        earlier.end()
        sessions.save(db, earlier, house().settings)
    session.changed = True  # so that its cookie goes with the answer
    g.ent_session = session
