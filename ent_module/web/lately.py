"""When somebody was last here, in a cookie of their own browser: a row that moves with each page would tell whoever
holds the database who reads when. Signed, and bound to the session; an older one put back only makes the time longer.
"""

import hmac
from datetime import UTC, datetime

from flask import Request
from werkzeug.wrappers import Response

from ent_module.config import Settings
from ent_module.web.house import Keys
from ent_module.web.sessions import WebSession


def cookie_name(settings: Settings) -> str:
    """As the session's own."""
    return "__Secure-ent-lately" if settings.secure else "ent-lately"


def seen(keys: Keys, session: WebSession, request: Request, settings: Settings) -> datetime | None:
    """When that session's last page was marked; None where nothing says so."""
    value = request.cookies.get(cookie_name(settings), "")
    moment = value.partition(".")[0]
    if not moment.isdecimal() or len(moment) > 12 or not hmac.compare_digest(_value(keys, session, moment), value):
        return None
    return datetime.fromtimestamp(int(moment), UTC)


def mark(keys: Keys, session: WebSession, response: Response, settings: Settings, now: datetime) -> None:
    """Notes that the session was here."""
    _set(response, settings, _value(keys, session, str(int(now.timestamp()))), None)


def forget(response: Response, settings: Settings) -> None:
    """Takes the mark away."""
    _set(response, settings, "", 0)


def _value(keys: Keys, session: WebSession, moment: str) -> str:
    return f"{moment}.{keys.derive('lately', session.digest, moment.encode()).hex()}"


def _set(response: Response, settings: Settings, value: str, max_age: int | None) -> None:
    response.set_cookie(
        cookie_name(settings),
        value,
        max_age=max_age,
        path=settings.home_path,
        secure=settings.secure,
        httponly=True,
        samesite="None" if settings.secure else "Lax",
        partitioned=settings.secure,
    )
