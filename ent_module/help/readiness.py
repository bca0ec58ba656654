"""What a school must still do for this room."""

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.establishments.model import Kind
from ent_module.help.service import channel
from ent_module.rooms import Check


def readiness(db: Session, establishment_id: UUID) -> list[Check]:
    """Two listeners, a group confirmed this school year, contact cards, opening hours."""
    status = channel.channel_status(db, establishment_id)
    return [
        Check(
            _("Deux membres actifs du groupe d’écoute"),
            status.readers >= status.wanted,
            "ent_setup_staff.members",
            _("Sans eux, la page pour écrire à un adulte reste fermée."),
        ),
        *_confirmed(db, establishment_id),
        Check(
            _("Fiches contact"),
            bool(channel.cards(db, establishment_id)),
            "ent_setup_staff.cards",
            _("Qui aller voir, où et quand. Elles restent affichées quand la page est fermée."),
        ),
        Check(
            _("Horaires d’ouverture"),
            establishments.published(db, establishment_id, "hours") is not None,
            "ent_setup_staff.hours",
            _("La date de lecture annoncée aux élèves en dépend."),
        ),
    ]


def _confirmed(db: Session, establishment_id: UUID) -> list[Check]:
    """A level above has no channel that could close."""
    if not Kind(establishments.get(db, establishment_id).kind).is_school:
        return []
    return [
        Check(
            _("Groupe d’écoute confirmé pour l’année scolaire"),
            not channel.wants_confirming(db, establishment_id, channel.today_in_paris()),
            "ent_setup_staff.channel",
            _("Les comptes changent en septembre. Sans cela, la page pour écrire ferme le 30 septembre au soir."),
        ),
    ]
