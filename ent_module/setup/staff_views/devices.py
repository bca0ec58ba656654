"""The devices of a group's members: who has one, who wants another one, and the second person's word on that."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, NotFound

from ent_module.help.service import listening
from ent_module.identity import new_device, second_factor
from ent_module.identity.model import Membership, Person
from ent_module.identity.new_device import Request
from ent_module.privacy import audit
from ent_module.setup import service
from ent_module.web.errors import Refused
from ent_module.web.house import house

_SAID: Mapping[str, Callable[[str], str]] = {
    second_factor.ENROLLED: lambda name: str(_("%(name)s a enregistré un appareil", name=name)),
    second_factor.RENEWED: lambda name: str(_("%(name)s ouvre le bureau avec un autre appareil", name=name)),
    second_factor.LIMITED: lambda name: str(_("Trop de codes faux au nom de %(name)s", name=name)),
    new_device.ASKED: lambda name: str(_("%(name)s demande un autre appareil", name=name)),
    new_device.ALLOWED: lambda name: str(_("%(name)s a autorisé un autre appareil", name=name)),
    new_device.STOPPED: lambda name: str(_("%(name)s a arrêté la demande d’un autre appareil", name=name)),
}


@dataclass(frozen=True)
class Devices:
    """What the page of the group shows of devices."""

    since: Mapping[UUID, date]
    """Since when each member has one, by account; who is not here has none yet."""
    requests: list[tuple[Request, bool]]
    """Who wants another one, and whether whoever looks may allow it."""


def shown(db: Session, here: Membership) -> Devices | None:
    """For the group of that place; None where the installation asks for no code."""
    if not house().settings.desk_second_factor:
        return None
    since = {account: one.since for account, one in second_factor.devices(db, here.establishment_id).items()}
    asked = new_device.requests(db, house().keys, here.establishment_id)
    return Devices(since, [(one, one.may_be_allowed_by(here)) for one in asked])


def changes(db: Session, establishment_id: UUID, since: date) -> list[tuple[str, date]]:
    """What happened to devices on that day or later, and when."""
    lines = audit.lines(db, establishment_id, tuple(_SAID), since)
    return [(_SAID[line.action](service.name_of(db, establishment_id, line.account_id)), line.day) for line in lines]


def decide(db: Session, person: Person, account_id: UUID, action: str) -> ResponseReturnValue:
    """The second person allows another device, or a member stops it."""
    if action not in {"allow", "stop"}:
        raise BadRequest
    keys, here, now = house().keys, person.here, datetime.now(UTC)
    try:
        if action == "allow":
            new_device.allow(db, keys, here, account_id, request.form.get("number", ""), now)
        else:
            new_device.stop(db, keys, here, account_id, now)
    except new_device.UnknownMemberError:
        raise NotFound from None
    except new_device.NotPossibleError:
        sentence = _("Quelqu’un a déjà décidé, ou une autre personne doit le faire. Rien n’a été changé.")
        raise Refused(sentence, 409) from None
    listening.tell_group(db, keys, here.establishment_id, account_id.bytes + action.encode(), now)
    return redirect(url_for(".members"), 303)
