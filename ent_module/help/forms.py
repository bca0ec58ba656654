"""A form's own token, as views use it: made when the page is shown, checked when it comes back."""

from flask import request
from werkzeug.exceptions import BadRequest, Unauthorized

from ent_module.help import sealing
from ent_module.web.house import house
from ent_module.web.urls import web_session


def _session() -> bytes:
    session = web_session()
    if session is None:
        raise Unauthorized
    return session.digest


def new(purpose: str) -> str:
    """A token for a form of this session."""
    return sealing.new_form(house().keys, _session(), purpose)


def nonce(purpose: str) -> bytes:
    """The chance in the token that was sent. Raises BadRequest where it was altered or is not this session's."""
    found = sealing.form_nonce(house().keys, _session(), purpose, request.form.get("token", ""))
    if found is None:
        raise BadRequest
    return found
