"""What the reader is told when a sign-in does not work. The log gets one word, and nothing of what was sent."""

from collections.abc import Callable

import structlog
from flask import Response, g
from flask_babel import gettext as _

from ent_module.sign_in.arriving import greet_nobody
from ent_module.sign_in.oidc.model import Reason
from ent_module.web import errors

log = structlog.get_logger("ent")

_AGAIN: Callable[[], str] = lambda: _("Revenir à l’accueil et recommencer.")  # noqa: E731
_ASK: Callable[[], str] = lambda: _("S’adresser à l’établissement ou à l’assistance du portail.")  # noqa: E731
_LATER: Callable[[], str] = lambda: _("Réessayer dans quelques minutes.")  # noqa: E731

_SAID: dict[Reason, tuple[Callable[[], str], Callable[[], str]]] = {
    Reason.STATE: (lambda: _("Cette connexion est trop ancienne, ou elle a déjà servi."), _AGAIN),
    Reason.COOKIE: (lambda: _("Le navigateur n’a pas gardé la connexion."), _AGAIN),
    Reason.DENIED: (lambda: _("Le portail n’a pas donné la connexion."), _AGAIN),
    Reason.UNREACHABLE: (lambda: _("Le portail ne répond pas en ce moment."), _LATER),
    Reason.ESTABLISHMENT: (lambda: _("Le portail n’a nommé aucun établissement inscrit ici."), _ASK),
}


def note(reason: Reason) -> None:
    """One word in the log."""
    log.warning("oidc refused", reason=reason.value, request_id=g.get("ent_request_id"))


def refusal(reason: Reason) -> Response:
    """A page in the reader's language."""
    note(reason)
    greet_nobody()
    what, then = _SAID.get(reason, (lambda: _("Le portail a envoyé une réponse inattendue."), _AGAIN))
    urgent = _("Si c’est urgent, parler à un adulte ou appeler le 119, jour et nuit.")
    return errors.page(errors.Refused(f"{what()} {then()} {urgent}", 503 if reason is Reason.UNREACHABLE else 400))
