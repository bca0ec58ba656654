"""Errors as pages in the reader's language. They reflect nothing of the request but a long text that its writer
would lose otherwise, shown back to be copied."""

import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import structlog
from flask import Response, g, make_response, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound, Unauthorized

from ent_module.rooms import WayIn
from ent_module.web import sessions
from ent_module.web.elsewhere import sent_from_elsewhere
from ent_module.web.house import house
from ent_module.web.pages import render_template

log = structlog.get_logger("ent")


class Refused(HTTPException):
    """A refusal with a sentence of its own for the reader (already translated)."""

    code = 400

    def __init__(self, sentence: str, code: int = 400) -> None:
        super().__init__()
        self.sentence = sentence
        self.code = code


@contextmanager
def refused(sentences: Mapping[type[Exception], str]) -> Iterator[None]:
    """What a service raises, as the reader is told: these errors by their sentences, and for a LookupError that there
    is nothing of the kind.
    """
    try:
        yield
    except tuple(sentences) as error:
        raise Refused(next(said for kind, said in sentences.items() if isinstance(error, kind))) from None
    except LookupError:
        raise NotFound from None


def refuse_other_place(place: str, person: Any) -> None:
    """Refuses a form that was shown for another establishment than the one in which the person works now."""
    if place != str(person.here.establishment_id):
        said = _(
            "Cette page était celle d’un autre établissement : rien n’a été changé. "
            "L’établissement choisi est maintenant « %(place)s ».",
            place=person.here.name,
        )
        raise Refused(said, 409)


def _sentences(code: int, *, sent: bool, typed: bool, way_in: bool) -> tuple[str, str]:
    """Title and what to do, for a status code. `sent`: a form of ours was; `typed`: its text stands on the page;
    `way_in`: so does a link by which one signs in."""
    texts: dict[int, Callable[[], tuple[str, str]]] = {
        400: lambda: (
            _("La page n’a pas pu être envoyée"),
            _("Copier d’abord le texte ci-dessous. Puis ouvrir à nouveau la page, et l’y coller.")
            if typed
            else _("Ouvrir à nouveau la page et recommencer."),
        ),
        401: lambda: (_("La session est finie"), _how_to_come_back(sent=sent, way_in=way_in)),
        403: lambda: (_("Cette page n’est pas pour ce compte"), _("Le lien ci-dessous ramène à l’accueil.")),
        404: lambda: (_("Cette page n’existe pas"), _("Le lien ci-dessous ramène à l’accueil.")),
        405: lambda: (_("Cette page n’existe pas"), _("Le lien ci-dessous ramène à l’accueil.")),
        413: lambda: (_("C’est trop long"), _too_long()),
    }
    return texts.get(code, _something_else)()


def _how_to_come_back(*, sent: bool, way_in: bool) -> str:
    if way_in and sent:
        return str(_("Rien n’a été envoyé. Pour recommencer, se connecter ici, ou passer par le menu du portail."))
    if way_in:
        return str(_("Se connecter ici, ou ouvrir à nouveau cette page depuis le menu du portail."))
    if sent:
        again = _("Rien n’a été envoyé. Pour recommencer, ouvrir à nouveau cette page depuis le menu du portail.")
        return str(again)
    return str(_("Ouvrir à nouveau cette page depuis le menu du portail."))


def _too_long() -> str:
    """Such a form is not read, so its text cannot be shown back."""
    return str(
        _(
            "Rien n’a été envoyé, et ce texte est trop long pour être gardé ici. "
            "Revenir à la page d’avant : s’il y est encore, le copier ailleurs, puis le raccourcir."
        )
    )


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
    typed, ways_in = _typed(), _ways_in() if code == Unauthorized.code else []
    title, advice = _sentences(code, sent=_is_form(), typed=bool(typed), way_in=bool(ways_in))
    if isinstance(error, Refused):
        title, advice = _("Ce n’est pas possible"), error.sentence
    g.setdefault("ent_person", None)
    g.setdefault("ent_session", None)
    body = render_template(
        "ent/web/error.html",
        heading=title,
        advice=advice,
        typed=typed,
        here=url_for("ent_home.home"),
        asked=request.script_root + request.path,
        ways_in=ways_in,
        request_id=g.get("ent_request_id"),
    )
    return make_response(body, code)


def _ways_in() -> list[WayIn]:
    """How one signs in from here; none where the database does not say so, since the page must come all the same."""
    try:
        with house().database.reading() as db:
            return house().ways_in(db)
    except SQLAlchemyError:
        return []


def _is_form() -> bool:
    """Whether the request is a form of ours, from a browser that still has our cookie, be its session over.

    What machines and other sites send is never shown back. Quick exit takes the cookie away: whoever goes back after
    it, perhaps somebody else, is shown nothing of what was written.
    """
    cookie = sessions.cookie_name(house().settings)
    return _is_posted() and not is_foreign_form() and bool(request.cookies.get(cookie))


def is_foreign_form() -> bool:
    """Whether the request is a form for us that another site's page sends. What machines call has its own proof."""
    return _is_posted() and sent_from_elsewhere(request, house().settings)


def _is_posted() -> bool:
    entry = house().declared.get(request.endpoint or "")
    return request.method == "POST" and not getattr(entry, "proof", "")


def _typed() -> list[str]:
    """The long texts of a form that could not be sent, as far as they were filled in."""
    texts = getattr(house().declared.get(request.endpoint or ""), "texts", ())
    try:
        return [text for name in texts if _is_form() and (text := request.form.get(name, ""))]
    except HTTPException:  # the form itself could not be read (too large)
        return []


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
