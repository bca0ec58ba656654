"""The doors to this room on someone's home page."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ent_module.identity.model import Person, Profile, Role
from ent_module.rooms import Tile
from ent_module.surveys import campaigns
from ent_module.surveys.answering import codes
from ent_module.surveys.service import card_classes

WORK_HERE = (Profile.TEACHER, Profile.STAFF, Profile.MANAGEMENT)
"""Those to whom a head may open results."""


def tiles(db: Session, person: Person) -> list[Tile]:
    """The questionnaire's only while one is open for this person; a teacher's, the head's and the local admin's."""
    here = person.here
    if not here.kind.is_school:
        return [_proposals()] if here.has(Role.REFERENT, Role.TERRITORY_VIEWER) else []
    asked = [_asked(person)] if campaigns.is_open_for(db, here.establishment_id, codes(person)) else []
    if person.profile is Profile.PUPIL:
        return asked
    works_here = person.profile in WORK_HERE and not here.has(Role.HEAD)
    shared = [_shared()] if works_here and campaigns.is_shared(db, here.establishment_id) else []
    return asked + _of_adults(db, person) + shared


def _proposals() -> Tile:
    return Tile(
        _("Enquêtes proposées"),
        _("Proposer une enquête aux établissements, et voir où ils en sont."),
        "ent_surveys_staff.proposals",
        "form",
        45,
    )


def _shared() -> Tile:
    return Tile(
        _("Résultats des enquêtes"),
        _("Ceux que la direction a ouverts à tous les adultes d’ici."),
        "ent_surveys_staff.shared",
        "results",
        45,
    )


def _of_adults(db: Session, person: Person) -> list[Tile]:
    """The doors of those who open questionnaires, hand out cards, read results."""
    here, doors = person.here, []
    if person.profile is Profile.TEACHER or (person.profile is Profile.MANAGEMENT and here.classes):
        doors.append(
            Tile(
                _("Enquête de vos classes"),
                _("L’ouvrir pour une classe, et voir combien d’élèves l’ont ouverte."),
                "ent_surveys_staff.classes",
                "form",
                40,
            )
        )
    if person.profile.is_adult_at_school and card_classes.awaits(db, here.establishment_id, here.account_id):
        doors.append(
            Tile(
                _("Cartes pour une classe"),
                _("Une classe répond avec des cartes. Deux adultes s’en chargent."),
                "ent_surveys_staff.card_classes",
                "form",
                41,
            )
        )
    if here.has(Role.HEAD):
        doors.append(
            Tile(
                _("Enquête et résultats"),
                _("La participation, la clôture, puis les résultats de l’établissement."),
                "ent_surveys_staff.campaigns",
                "results",
                45,
            )
        )
    if here.has(Role.LOCAL_ADMIN):
        doors.append(
            Tile(
                _("Questionnaires"),
                _("Les lire comme un élève, en importer un, les télécharger."),
                "ent_surveys_staff.questionnaires",
                "form",
                46,
            )
        )
    return doors


def _asked(person: Person) -> Tile:
    if person.profile is not Profile.PUPIL:
        return Tile(
            _("Questionnaire pour vous"), _("Donnez votre avis, sans votre nom."), "ent_surveys.surveys", "form", 30
        )
    text = _("Réponds sans ton nom.") if person.is_young else _("Dis comment ça va ici, sans ton nom.")
    return Tile(_("Questionnaires pour toi"), text, "ent_surveys.surveys", "form", 30)
