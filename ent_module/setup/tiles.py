"""What the home page and the list of what is missing say of this room."""

from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import knows
from ent_module.establishments.model import Kind
from ent_module.help.service import channel
from ent_module.helplines import service as helplines
from ent_module.identity import grants
from ent_module.identity.model import CONFIRMERS, Person, Role
from ent_module.rooms import Check, Tile
from ent_module.setup import service
from ent_module.setup.staff_views.common import today
from ent_module.setup.staff_views.overview import all_checks, is_old

ANNOUNCED = timedelta(days=14)
"""How long a change of a group is announced on its members' home page."""
_HERE = "ent_setup_staff."


def tiles(db: Session, person: Person) -> list[Tile]:
    """A door to the settings for those who set up, and to the group for its members, with what changed there."""
    found = []
    if person.here.has(Role.LOCAL_ADMIN, Role.HEAD):
        missing = sum(not check.done for check in all_checks(db, person.here.establishment_id))
        found.append(
            Tile(
                title=_("Réglages de l’établissement"),
                text=_("Fiches contact, groupe d’écoute, horaires, page d’aide."),
                endpoint=f"{_HERE}overview",
                drawing="settings",
                order=80,
                sign=ngettext("%(num)s point à voir", "%(num)s points à voir", missing) if missing else "",
            )
        )
    if closed := service.closed_to_pupils(db, person, today() - ANNOUNCED):
        found.append(
            Tile(
                title=_("Service d’écriture fermé"),
                text=_("Les élèves ne peuvent plus envoyer de nouveau message."),
                endpoint=f"{_HERE}members",
                drawing="talk",
                order=60,
                sign=", ".join(closed),
            )
        )
    if person.where(*CONFIRMERS):
        waiting = service.waiting(db, person)
        found.append(
            Tile(
                title=_("Groupe d’écoute"),
                text=_("Qui lit les messages, et ce qui change dans le groupe."),
                endpoint=_HERE + _where(waiting, person),
                drawing="group",
                order=70,
                sign=_news(db, person, waiting),
            )
        )
    return found


def _where(waiting: list[service.Waiting], person: Person) -> str:
    """The page of the group in which something waits here, else the listening group's, which names other schools."""
    here = {one.role for one in waiting if one.place == person.here}
    return "admins" if here == {Role.LOCAL_ADMIN} else "members"


def _news(db: Session, person: Person, waiting: list[service.Waiting]) -> str:
    """What waits for this person, and in which other school; else how much changed of late in their groups."""
    places = person.where(*CONFIRMERS)
    if waiting:
        num = sum(one.count for one in waiting)
        said = str(ngettext("%(num)s proposition à confirmer", "%(num)s propositions à confirmer", num))
        elsewhere = dict.fromkeys(one.place.name for one in waiting if one.place != person.here)
        return ", ".join([said, *elsewhere])
    recent = sum(
        len(grants.changes(db, place.establishment_id, Role.LISTENER, today() - ANNOUNCED)) for place in places
    )
    return str(ngettext("%(num)s changement récent", "%(num)s changements récents", recent)) if recent else ""


def readiness(db: Session, establishment_id: UUID) -> list[Check]:
    """What an establishment needs that no other room speaks of."""
    place = establishments.get(db, establishment_id)
    decide = Check(
        _("Deux personnes au moins peuvent décider d’un changement"),
        service.can_two_decide(db, establishment_id),
        f"{_HERE}admins",
        _("L’une propose, l’autre confirme."),
    )
    return [decide, *(_pages(db, place.id, place.zone) if Kind(place.kind).is_school else ()), _numbers()]


def _pages(db: Session, establishment_id: UUID, zone: str) -> list[Check]:
    status = channel.channel_status(db, establishment_id)
    hours = establishments.published(db, establishment_id, "hours") or {}
    return [
        Check(
            _("Les vacances scolaires sont connues"),
            knows(today(), zone) or bool(hours.get("closed")),
            f"{_HERE}hours",
            _("Le calendrier de votre zone manque : entrez les vacances comme jours de fermeture."),
        ),
        Check(
            _("Les élèves peuvent écrire"),
            status.open,
            f"{_HERE}channel",
            _("Ouvrez le service d’écriture quand le groupe est prêt : il reste fermé jusque-là.")
            if status.readers >= status.wanted
            else _("Il faut d’abord deux membres actifs du groupe d’écoute."),
        ),
    ]


def _numbers() -> Check:
    return Check(
        _("Les numéros nationaux ont été relevés depuis moins de six mois"),
        not any(is_old(line.checked, line.expires, today()) for line in helplines.all_lines()),
        f"{_HERE}numbers",
        _("Prévenez l’exploitant du portail : lui seul met à jour ces numéros."),
    )
