"""The invented town of Valbelle: three schools, the levels above them, and who comes from the portal.

Nobody in it exists. Codes of schools are invented too, with the right check letter.
"""

from dataclasses import dataclass, field

ECOLE, COLLEGE, LYCEE = "0599001N", "0599002P", "0599003R"
CIRCONSCRIPTION, DEPARTEMENT = "0599004S", "0599005T"


@dataclass(frozen=True)
class School:
    """A school or a level above, as the town's registry has it."""

    uai: str
    name: str
    kind: str
    parent: str | None = None


@dataclass(frozen=True)
class Resident:
    """Someone who signs in at the portal. `profile` is a word of the national vocabulary, as portals send it."""

    id: str
    name: str
    what: str
    profile: str
    lti_role: str
    schools: tuple[str, ...]
    classes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    place: str = ""
    hours: str = ""


@dataclass(frozen=True)
class Group:
    """People shown together on the portal's first page."""

    title: str
    residents: tuple[Resident, ...] = field(default_factory=tuple)


SCHOOLS = (
    School(DEPARTEMENT, "Service départemental de Valbelle", "departement"),
    School(CIRCONSCRIPTION, "Circonscription de Valbelle", "circonscription", DEPARTEMENT),
    School(ECOLE, "École Marguerite-Duras", "ecole", CIRCONSCRIPTION),
    School(COLLEGE, "Collège Germaine-Tillion", "college", DEPARTEMENT),
    School(LYCEE, "Lycée Joséphine-Baker", "lycee", DEPARTEMENT),
)


def _pupil(key: str, name: str, what: str, school: str, group: str) -> Resident:
    return Resident(key, name, what, "National_ELV", "Learner", (school,), (group,))


def _adult(key: str, name: str, what: str, profile: str, schools: tuple[str, ...], **more: object) -> Resident:
    role = {"National_ENS": "Instructor", "National_DIR": "Administrator", "National_TUT": "Mentor"}.get(
        profile, "Instructor"
    )
    return Resident(key, name, what, profile, role, schools, **more)  # type: ignore[arg-type]  # keywords of Resident


_LISTENS = ("listener",)

GROUPS = (
    Group(
        "École Marguerite-Duras",
        (
            _pupil("noa", "Noa Lambert", "élève de CE2, 8 ans", ECOLE, "CE2 A"),
            _pupil("mila", "Mila Aubert", "élève de CM2, 10 ans", ECOLE, "CM2"),
            _adult("parent-noa", "Claire Lambert", "mère de Noa", "National_TUT", (ECOLE,)),
            _adult(
                "pe",
                "Samuel Ortiz",
                "professeur des écoles, CE2 A",
                "National_ENS",
                (ECOLE,),
                classes=("CE2 A",),
            ),
            _adult(
                "directrice",
                "Odile Marchand",
                "directrice",
                "National_DIR",
                (ECOLE,),
                classes=("CM2",),
                place="Bureau, près de l’entrée",
                hours="mardi et vendredi, et à chaque récréation",
            ),
            _adult(
                "admin-ecole",
                "Fanny Guérin",
                "admin locale de l’établissement",
                "National_ETA",
                (ECOLE,),
                roles=("local_admin",),
            ),
        ),
    ),
    Group(
        "Collège Germaine-Tillion",
        (
            _pupil("leo", "Léo Bertin", "élève de 6e B", COLLEGE, "6e B"),
            _pupil("yasmine", "Yasmine Saïdi", "élève de 6e B", COLLEGE, "6e B"),
            _pupil("hugo", "Hugo Vasseur", "élève de 4e A", COLLEGE, "4e A"),
            _adult("parent-leo", "Marc Bertin", "père de Léo", "National_TUT", (COLLEGE,)),
            _adult(
                "prof",
                "Nathalie Collet",
                "professeure de français, 6e B et 4e A",
                "National_ENS",
                (COLLEGE,),
                classes=("6e B", "4e A"),
                roles=_LISTENS,
                place="Salle 112",
                hours="mardi et jeudi, 12 h 30",
            ),
            _adult(
                "cpe",
                "Jeanne Petit",
                "CPE",
                "National_EVS",
                (COLLEGE,),
                roles=_LISTENS,
                place="Vie scolaire, rez-de-chaussée",
                hours="tous les jours, 8 h à 17 h",
            ),
            _adult(
                "infirmiere",
                "Awa Diop",
                "infirmière",
                "National_ETA",
                (COLLEGE,),
                roles=("secrecy_listener",),
                place="Infirmerie",
                hours="lundi, mardi et jeudi",
            ),
            _adult("principale", "Hélène Royer", "principale", "National_DIR", (COLLEGE,)),
            _adult(
                "admin-college",
                "Yann Le Goff",
                "admin local de l’établissement",
                "National_ETA",
                (COLLEGE,),
                roles=("local_admin",),
            ),
        ),
    ),
    Group(
        "Lycée Joséphine-Baker",
        (
            _pupil("ines", "Inès Moreau", "élève de 2de 4", LYCEE, "2de 4"),
            _pupil("adam", "Adam Keller", "élève de terminale, 18 ans", LYCEE, "Tle 2"),
            _adult("parent-ines", "Sofia Moreau", "mère d’Inès", "National_TUT", (LYCEE,)),
            _adult(
                "prof-lycee",
                "Julien Fabre",
                "professeur d’histoire, 2de 4",
                "National_ENS",
                (LYCEE,),
                classes=("2de 4", "Tle 2"),
            ),
            _adult(
                "cpe-lycee",
                "Karim Benali",
                "CPE",
                "National_EVS",
                (LYCEE,),
                roles=_LISTENS,
                place="Vie scolaire, bâtiment B",
                hours="tous les jours, 8 h à 18 h",
            ),
            _adult(
                "infirmier-lycee",
                "Tarek Nasri",
                "infirmier",
                "National_ETA",
                (LYCEE,),
                roles=("secrecy_listener",),
                place="Infirmerie, bâtiment A",
                hours="tous les jours sauf mercredi",
            ),
            _adult("proviseur", "Bruno Tessier", "proviseur", "National_DIR", (LYCEE,)),
            _adult(
                "admin-lycee",
                "Lise Arnaud",
                "admin locale de l’établissement",
                "National_ETA",
                (LYCEE,),
                roles=("local_admin",),
            ),
        ),
    ),
    Group(
        "Pour plusieurs établissements",
        (
            _adult(
                "psy",
                "Camille Rey",
                "psychologue, PsyEN du collège et du lycée",
                "National_ETA",
                (COLLEGE, LYCEE),
                roles=_LISTENS,
                place="Bureau 3",
                hours="lundi et jeudi",
            ),
            _adult(
                "psy-ecole",
                "Irène Blanchet",
                "psychologue, PsyEN de la circonscription",
                "National_ETA",
                (CIRCONSCRIPTION,),
                roles=_LISTENS,
            ),
            _adult(
                "conseiller",
                "Paul Mercier",
                "conseiller pédagogique de la circonscription",
                "National_ACA",
                (CIRCONSCRIPTION,),
                roles=(*_LISTENS, "local_admin"),
            ),
            _adult(
                "referente",
                "Salomé Weber",
                "référente départementale",
                "National_ACA",
                (DEPARTEMENT,),
                roles=("referent", "listener"),
            ),
        ),
    ),
)

RESIDENTS = {resident.id: resident for group in GROUPS for resident in group.residents}
