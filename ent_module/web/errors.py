"""Errors as pages in the reader's language. They reflect nothing of the request but a long text that its writer
would lose otherwise, shown back to be copied."""

import traceback
from collections.abc import Callable
from typing import Any

import structlog
from flask import Response, g, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound

from ent_module.web import sessions
from ent_module.web.house import house

log = structlog.get_logger("ent")

LONG_TEXT_FIELDS = ("message", "note")


class Refused(HTTPException):
    """A refusal with a sentence of its own for the reader (already translated)."""

    code = 400

    def __init__(self, sentence: str, code: int = 400) -> None:
        super().__init__()
        self.sentence = sentence
        self.code = code


def _sentences(code: int) -> tuple[str, str]:
    """Title and what to do, for a status code."""
    texts: dict[int, Callable[[], tuple[str, str]]] = {
        400: lambda: (
            _("La page n’a pas pu être envoyée"),
            _("Revenir à la page d’avant, la recharger et recommencer."),
        ),
        401: lambda: (_("La session est finie"), _("Ouvrir à nouveau cette page depuis le menu du portail.")),
        403: lambda: (_("Cette page n’est pas pour ce compte"), _("Le lien ci-dessous ramène à l’accueil.")),
        404: lambda: (_("Cette page n’existe pas"), _("Le lien ci-dessous ramène à l’accueil.")),
        405: lambda: (_("Cette page n’existe pas"), _("Le lien ci-dessous ramène à l’accueil.")),
        413: lambda: (_("C’est trop long"), _("Revenir à la page d’avant et raccourcir le texte.")),
    }
    return texts.get(code, _something_else)()


def _something_else() -> tuple[str, str]:
    return (
        _("Quelque chose n’a pas marché"),
        _("Réessayer dans un moment. Si c’est urgent, parler à un adulte ou appeler le 119, jour et nuit."),
    )


def page(error: HTTPException) -> Response:
    """The page of an HTTP error; redirects pass through."""
    if error.response is not None:
        return make_response(error.response)
    code = error.code or 500
    title, advice = _sentences(code)
    if isinstance(error, Refused):
        title, advice = _("Ce n’est pas possible"), error.sentence
    typed = [text for name in LONG_TEXT_FIELDS if _is_form() and _still_here() and (text := _typed(name))]
    g.setdefault("ent_person", None)
    g.setdefault("ent_session", None)
    body = render_template(
        "ent/web/error.html",
        heading=title,
        advice=advice,
        typed=typed,
        here=url_for("ent_home.home"),
        request_id=g.get("ent_request_id"),
    )
    return make_response(body, code)


def _is_form() -> bool:
    """Whether the request is a form of ours: what machines and other sites send is never shown back."""
    entry = house().declared.get(request.endpoint or "")
    return request.method == "POST" and not getattr(entry, "proof", "")


def _still_here() -> bool:
    """Whether the browser still has our cookie, be its session over. Quick exit takes the cookie away: whoever goes
    back after it, perhaps somebody else, is shown nothing of what was written."""
    return bool(request.cookies.get(sessions.cookie_name(house().settings)))


def _typed(name: str) -> str:
    try:
        return request.form.get(name, "")
    except HTTPException:  # the form itself could not be read (too large)
        return ""


def unexpected(error: Exception) -> Response:
    """The page of a programming error. The log gets its kind and place, never its text or values."""
    frames = [
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)
    ]
    log.error("unexpected", kind=type(error).__name__, at=frames[-8:], request_id=g.get("ent_request_id"))
    return page(InternalServerError())


def not_found(_db: Any, _person: Any, **_values: str) -> Response:
    """Our own answer to every address under the prefix that has none."""
    raise NotFound
