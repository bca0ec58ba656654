"""The doors to this room. A pupil's and a parent's never say that something is there to be read."""

from datetime import UTC, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ent_module.help.lock import is_locked
from ent_module.help.model.moves import Lane
from ent_module.help.service import channel, desk, heads
from ent_module.help.service.heads import Situation
from ent_module.help.wording import group as words
from ent_module.identity.model import AT_THE_DESK, Person, Profile, Role
from ent_module.rooms import Tile
from ent_module.web.house import house


def tiles(db: Session, person: Person) -> list[Tile]:
    """For pupils and parents: writing, and reading again with the code. For the group: the desk. For a head: a word.
    For all adults of the school: a worry.
    """
    if person.profile in {Profile.PUPIL, Profile.PARENT}:
        return _writers(db, person) if person.here.kind.is_school else []
    found = []
    if person.where(*AT_THE_DESK):
        found += _desk(db, person)
    if person.here.has(Role.HEAD) and person.here.kind.is_school:
        found.append(_heads(db, person))
    if person.profile.is_adult_at_school and person.here.kind.is_school:
        text = _("Un élève vous inquiète : le groupe d’écoute vous lit.")
        found.append(Tile(_("Signaler une inquiétude"), text, "ent_help_staff.concern", "talk", 30))
    return found


def _writers(db: Session, person: Person) -> list[Tile]:
    is_open = channel.is_open(db, person.here.establishment_id)
    text = (
        _("Qui aller voir, et les numéros.")
        if not is_open
        else _("Il vient te voir, ou il te répond.")
        if person.is_young
        else _("Écrire au groupe d’écoute de l’établissement.")
        if person.profile is Profile.PARENT
        else _("Écris à des adultes de ton établissement.")
    )
    is_parent = person.profile is Profile.PARENT
    title = _("Joindre un adulte de l’établissement") if is_parent else _("Parler à un adulte")
    return [
        Tile(title, text, "ent_help.write", "talk", 10),
        Tile(_("Relire avec mon code"), _("Avec les huit mots reçus."), "ent_help.come_back", "code", 90),
    ]


def _desk(db: Session, person: Person) -> list[Tile]:
    """The doors to the desk. While it is locked they say nothing of what lies behind: whoever has only come under this
    account may be the one who was left out."""
    counts = not is_locked(db, person)
    found = [_listeners(db, person, counts=counts)] if person.where(Role.LISTENER) else []
    return [*found, _under_secrecy(db, person, counts=counts)] if person.where(Role.SECRECY_LISTENER) else found


def _listeners(db: Session, person: Person, *, counts: bool) -> Tile:
    unread = desk.unread(db, house().keys, person) if counts else None
    where = person.where(Role.LISTENER)
    one_school = len(where) == 1 and where[0].kind.is_school
    return Tile(
        _("Messages"),
        _("Groupe d’écoute de l’établissement.") if one_school else _("Groupe d’écoute, tous vos établissements."),
        "ent_help_staff.inbox",
        "inbox",
        5,
        words.unread(unread.count, unread.urgent) if unread is not None else _("S’ouvre avec votre code"),
        urgent=unread is not None and unread.urgent > 0,
    )


def _under_secrecy(db: Session, person: Person, *, counts: bool) -> Tile:
    unread = desk.unread(db, house().keys, person, Lane.SECRECY) if counts else None
    return Tile(
        _("Messages sous secret professionnel"),
        _("Votre file, hors de celle du groupe d’écoute."),
        "ent_help_staff.inbox",
        "inbox",
        6,
        words.unread(unread.count, unread.urgent) if unread is not None else _("S’ouvre avec votre code"),
        urgent=unread is not None and unread.urgent > 0,
    )


def _heads(db: Session, person: Person) -> Tile:
    found = heads.situation(db, house().keys, person.here, datetime.now(UTC))
    return Tile(
        _("Messages en attente"),
        _("Sans le contenu ni le nombre."),
        "ent_help_staff.situation",
        "group",
        20,
        words.situation(found),
        urgent=found in {Situation.URGENT, Situation.LATE},
    )
