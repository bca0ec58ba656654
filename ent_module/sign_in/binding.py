"""A sign-in under way belongs to the browser that began it: a cookie of its own holds a secret for some minutes.

The database knows states and secrets by their digests only. Two sign-ins in two tabs do not touch each other.
"""

from hashlib import sha256

from werkzeug.wrappers import Response

from ent_module.config import Settings

MINUTES = 10
"""How long a sign-in may take."""


def digest(text: str) -> bytes:
    """Under which the database knows a state or a cookie's secret."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def cookie_name(settings: Settings, protocol: str, state: str) -> str:
    """The cookie of one sign-in under way."""
    name = f"ent-{protocol}-{digest(state).hex()[:16]}"
    return f"__Host-{name}" if settings.secure else name


def bind(response: Response, settings: Settings, protocol: str, state: str, secret: str | None) -> None:
    """Binds the sign-in to this browser, or ends that. People come back from the portal's site, hence None.

    On the demo's http origin, where browsers refuse that, Lax will do: portal and module are one site.
    """
    response.set_cookie(
        cookie_name(settings, protocol, state),
        secret or "",
        max_age=MINUTES * 60 if secret else 0,
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="None" if settings.secure else "Lax",
        partitioned=settings.secure,
    )
