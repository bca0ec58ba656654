"""What the lock of the desk says."""

from collections.abc import Callable, Mapping
from datetime import datetime

from flask_babel import gettext as _

from ent_module.establishments.calendar import paris
from ent_module.identity.second_factor import Outcome
from ent_module.web import parts


def _wrong() -> str:
    return str(
        _(
            "Ce code ne convient pas. Attendez le suivant : chaque code sert une fois. "
            "Vérifiez aussi l’heure de l’appareil."
        )
    )


def _limited() -> str:
    return str(_("Trop de codes faux : réessayez à la prochaine heure. Votre groupe est prévenu."))


_PROBLEMS: Mapping[Outcome, Callable[[], str]] = {
    Outcome.WRONG: _wrong,
    Outcome.LAST: _limited,
    Outcome.LIMITED: _limited,
}


def problem(outcome: Outcome) -> str:
    """Why a code opens nothing."""
    return _PROBLEMS[outcome]()


def moment(when: datetime) -> str:
    """A moment as the reader writes it."""
    local = paris(when)
    return f"{parts.full_date(local.date())}, {parts.clock(local.time())}"
