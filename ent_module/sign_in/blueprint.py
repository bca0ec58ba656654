"""The room's URL table and its record."""

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ent_module.identity import following
from ent_module.identity import service as identity
from ent_module.identity.model import ANYONE
from ent_module.rooms import Check, Room, WayIn
from ent_module.sign_in.commands import portal
from ent_module.sign_in.oidc import commands as _oidc_commands  # noqa: F401  # adds its own to `portal`
from ent_module.sign_in.oidc import groups, logouts, state, views
from ent_module.sign_in.oidc.portals import KIND, sign_in_path
from ent_module.web.house import House, house
from ent_module.web.urls import Url

_PORTAL = "/sign-in/<uuid:portal_id>"

PUBLIC = (
    Url(
        _PORTAL,
        "start",
        views.start,
        ANYONE,
        writes_on_get="sign-in: what the callback will end",
        before=views.ask_portal,
    ),
    Url(
        f"{_PORTAL}/callback",
        "callback",
        views.callback,
        ANYONE,
        writes_on_get="sign-in: the portal sends the browser back",
        proof="the state bound to this browser's cookie, once; the code with its PKCE verifier; nonce and signature",
        before=views.finish,
    ),
    Url(
        f"{_PORTAL}/back-channel",
        "back_channel",
        views.back_channel,
        ANYONE,
        ("POST",),
        proof="the portal's signature on a logout token for us, once",
        before=views.fetch_logout_key,
    ),
    Url("/sign-out", "sign_out", views.sign_out, ANYONE, ("POST",)),
)


def _ways_in(db: Session) -> list[WayIn]:
    return [WayIn(one.name, sign_in_path(house().settings, one.id)) for one in identity.portals(db) if one.kind == KIND]


def _readiness(db: Session, establishment_id: UUID) -> list[Check]:
    """For a school whose listening group follows one of its portal: whether it could be read."""
    found = following.standing(db, establishment_id)
    if found is None:
        return []
    well = found.succeeded_at is not None and found.failed_at is None and not found.waits_to_empty
    why = _(
        "Le groupe du portail n’a pas encore été lu, ou la lecture échoue, ou il est vide. Rien n’a été changé ici."
    )
    return [Check(_("Le groupe d’écoute suit celui du portail"), well, "ent_setup_staff.members", why)]


def _expired(house: House, now: datetime) -> None:
    with house.database.writing() as db:
        state.delete_expired(db, now)
        logouts.delete_expired(db, now)


ROOM = Room(
    name="sign_in",
    public=PUBLIC,
    public_on=("staff",),
    ways_in=_ways_in,
    readiness=_readiness,
    jobs=(("sign_in.expired", _expired), ("sign_in.followed_groups", groups.follow_due)),
    commands=(portal,),
)
