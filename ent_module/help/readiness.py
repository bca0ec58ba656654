"""What a school must still do for this room."""

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.help.service import channel
from ent_module.rooms import Check


def readiness(db: Session, establishment_id: UUID) -> list[Check]:
    """Two listeners, contact cards, opening hours."""
    status = channel.channel_status(db, establishment_id)
    return [
        Check(
            _("Deux membres actifs du groupe d’écoute"),
            status.readers >= status.wanted,
            "ent_setup_staff.members",
            _("Sans eux, la page pour écrire à un adulte reste fermée."),
        ),
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
