"""Reads groups of Keycloak by its administration API, for listening groups that follow one.

The client's own service account does it, with the roles `view-users` and `query-groups` of `realm-management`. Members
of sub-groups are not members. python-keycloak is an extra of ours: it is imported when it is needed.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from ent_module.identity import following
from ent_module.identity.following import Follow
from ent_module.sign_in.fetching import guard
from ent_module.sign_in.model import is_id
from ent_module.sign_in.oidc import portals
from ent_module.sign_in.oidc.portals import OidcPortal
from ent_module.web.house import House

log = structlog.get_logger("ent")

SILENT = "unreachable"
EXTRA = "following a group needs python-keycloak: pip install 'ent-module[keycloak]'"


class GroupError(Exception):
    """The group could not be read; says in a word why: library, issuer, missing, denied or unreachable."""


def members(portal: OidcPortal, path: str, *, allow_local: bool) -> list[str]:
    """The subjects of those in that group of the portal whose accounts are enabled. Raises GroupError."""
    try:
        from keycloak import exceptions  # an extra
    except ImportError:
        raise GroupError("library") from None
    try:
        admin = _administration(portal, allow_local=allow_local)
        group = admin.get_group_by_path(path)
        # Without attributes, whose pages could be too large.
        found = admin.get_group_members(group["id"], {"briefRepresentation": True})
        return [_subject(user) for user in found if user.get("enabled", True)]
    except exceptions.KeycloakError as error:
        words = {401: "denied", 403: "denied", 404: "missing"}
        raise GroupError(words.get(error.response_code or 0, SILENT)) from None
    except GroupError:
        raise
    except Exception:  # noqa: BLE001  # whatever it makes of a strange answer, nothing has been read
        raise GroupError(SILENT) from None


def _administration(portal: OidcPortal, *, allow_local: bool) -> Any:
    """python-keycloak's client, all of whose calls are guarded."""
    from keycloak import KeycloakAdmin, KeycloakOpenIDConnection  # an extra

    address, realms, realm = portal.issuer.rpartition("/realms/")
    if not realms:
        raise GroupError("issuer")
    connection = KeycloakOpenIDConnection(
        server_url=address,
        realm_name=realm,
        client_id=portal.client_id,
        client_secret_key=portal.secret,
        grant_type="client_credentials",
        max_retries=0,
    )
    for one in (connection, connection.keycloak_openid.connection):
        guard(one._s, allow_local=allow_local)  # noqa: SLF001  # it has no other door for this
    return KeycloakAdmin(connection=connection)


def _subject(user: dict[str, Any]) -> str:
    """Keycloak's subject of a user is the user's id. Raises GroupError for one without, since the rest is in doubt."""
    if not is_id(user.get("id")):
        raise GroupError(SILENT)
    return str(user["id"])


def follow_due(house: House, now: datetime) -> None:
    """Looks at every group that is due (a job; may run twice). One that fails stops no other.

    A portal that does not answer is not asked for its other groups too: a thousand of them would take hours.
    """
    with house.database.reading() as db:
        due = following.due(db, now)
    silent: set[UUID] = set()
    failure: Exception | None = None
    for one in due:
        try:
            _look(house, one, silent, now)
        except Exception as error:  # noqa: BLE001  # the others first; the tick is told afterwards
            failure = error
    if failure is not None:
        raise failure


def _look(house: House, one: Follow, silent: set[UUID], now: datetime) -> None:
    try:
        found = _read(house, one, silent)
    except GroupError as error:
        silent |= {one.portal_id} if str(error) == SILENT else set()
        log.warning("group not read", reason=str(error))
        with house.database.writing() as db:
            following.fail(db, one, str(error), now)
    else:
        with house.database.writing() as db:
            following.apply(db, house.keys, one, found, now)


def _read(house: House, one: Follow, silent: Collection[UUID]) -> list[str]:
    if one.portal_id in silent:
        raise GroupError(SILENT)
    with house.database.reading() as db:
        portal = portals.portal(db, house.keys, one.portal_id)
    if portal is None:
        raise GroupError("missing")
    return members(portal, one.path, allow_local=house.settings.allow_local_portals)
