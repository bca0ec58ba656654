"""The room's URL tables and its record."""

from datetime import datetime

from ent_module.identity.model import ANYONE
from ent_module.lti import logins, public_views
from ent_module.lti.commands import COMMANDS
from ent_module.rooms import Room
from ent_module.web.house import House
from ent_module.web.urls import Url

PUBLIC = (
    Url(
        "/lti/login",
        "login",
        public_views.login,
        ANYONE,
        ("GET", "POST"),
        writes_on_get="sign-in: the login that the launch will end",
        proof="it only sends the browser to a registered platform; the launch proves the rest",
    ),
    Url(
        "/lti/again",
        "again",
        public_views.again,
        ANYONE,
        writes_on_get="sign-in: the login begins again in a tab of its own, by a one-time token",
    ),
    Url(
        "/lti/launch",
        "launch",
        public_views.launch,
        ANYONE,
        ("POST",),
        proof="the platform's signature, the nonce, and the state bound to this browser's cookie, once",
        before=public_views.fetch_keys,
    ),
    Url("/lti/jwks.json", "jwks", public_views.jwks, ANYONE),
    Url("/lti/config.json", "config", public_views.config, ANYONE),
)


def _expired_logins(house: House, now: datetime) -> None:
    with house.database.writing() as db:
        logins.delete_expired(db, now)


ROOM = Room(
    name="lti", public=PUBLIC, public_on=("staff",), jobs=(("lti.expired_logins", _expired_logins),), commands=COMMANDS
)
