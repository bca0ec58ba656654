"""CSRF by WTForms' own SessionCSRF, on our own session. Every POST of a table is checked before its view runs."""

from typing import Any

from wtforms import Form
from wtforms.csrf.session import SessionCSRF

from ent_module.web.house import Keys
from ent_module.web.sessions import WebSession


class _CsrfForm(Form):
    class Meta:
        csrf = True
        csrf_class = SessionCSRF
        csrf_time_limit = None  # as long as the session, which is short


def _form(keys: Keys, session: WebSession, data: Any = None) -> _CsrfForm:
    return _CsrfForm(data, meta={"csrf_secret": keys.derive("csrf"), "csrf_context": session})


def token(keys: Keys, session: WebSession) -> str:
    """The token that a form of this session carries in `csrf_token`."""
    return str(_form(keys, session).csrf_token.current_token)  # type: ignore[attr-defined]  # field made by the metaclass


def holds(keys: Keys, session: WebSession, data: Any) -> bool:
    """Whether the sent form carries the session's token."""
    return bool(_form(keys, session, data).validate())
