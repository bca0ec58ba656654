"""The cast of the tests: two collèges, an école and its circonscription, and the people who come from one portal.

Lina and Sami are pupils of the collège; Zoé is a pupil of the other one: the outsider. Noé is 8. Madame Petit (CPE)
and Monsieur Roux listen at the collège; Inès, psychologist, listens in both collèges. Nobody here has a name in the
database but the adults of the schools.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import paris, school_year
from ent_module.establishments.model import Kind
from ent_module.identity import service as identity
from ent_module.identity.model import Arrival, Membership, Person, Profile, Role
from ent_module.recall import Recall
from ent_module.sign_in import service as sign_in
from ent_module.web import csrf, sessions
from ent_module.web.house import House
from tests.support import forms

COLLEGE, OTHER, ECOLE, LYCEE = "0590001B", "0590002C", "0590003D", "0590004E"
CIRCONSCRIPTION, DEPARTEMENT = "0590005F", "0590006G"
THIS_YEAR = school_year(paris(datetime.now(UTC)).date())
PORTAL_ORIGIN = "https://portal.example"

# name, profile, schools, classes, roles
_PEOPLE: dict[str, tuple[str, Profile, tuple[str, ...], tuple[str, ...], tuple[Role, ...]]] = {
    "lina": ("Lina Morel", Profile.PUPIL, (COLLEGE,), ("6e B",), ()),
    "sami": ("Sami Haddad", Profile.PUPIL, (COLLEGE,), ("6e B",), ()),
    "eva": ("Eva Blanc", Profile.PUPIL, (COLLEGE,), ("5e A",), ()),
    "zoe": ("Zoé Faure", Profile.PUPIL, (OTHER,), ("6e A",), ()),
    "noe": ("Noé Garnier", Profile.PUPIL, (ECOLE,), ("CE2",), ()),
    "tom": ("Tom Leroy", Profile.PUPIL, (LYCEE,), ("2de 4",), ()),
    "karim": ("Karim Haddad", Profile.PARENT, (COLLEGE,), (), ()),
    "maria": ("Maria Nunes", Profile.PARENT, (COLLEGE, ECOLE), (), ()),
    "alba": ("Alba Costa", Profile.TEACHER, (COLLEGE,), ("6e B", "5e A"), ()),
    "petit": ("Jeanne Petit", Profile.STAFF, (COLLEGE,), (), (Role.LISTENER,)),
    "roux": ("Marc Roux", Profile.TEACHER, (COLLEGE,), ("5e A",), (Role.LISTENER,)),
    "ines": ("Inès Vidal", Profile.STAFF, (COLLEGE, OTHER), (), (Role.LISTENER,)),
    "paul": ("Paul Henry", Profile.STAFF, (OTHER,), (), (Role.LISTENER,)),
    "nurse": ("Awa Diop", Profile.STAFF, (COLLEGE,), (), (Role.SECRECY_LISTENER,)),
    "clerk": ("Luc Martin", Profile.STAFF, (COLLEGE,), (), ()),
    "head": ("Hélène Roy", Profile.MANAGEMENT, (COLLEGE,), (), (Role.HEAD,)),
    "admin": ("Yann Le Gall", Profile.STAFF, (COLLEGE,), (), (Role.LOCAL_ADMIN,)),
    "other_head": ("Denis Colin", Profile.MANAGEMENT, (OTHER,), (), (Role.HEAD,)),
    "lycee_head": ("Omar Saly", Profile.MANAGEMENT, (LYCEE,), ("2de 4",), (Role.HEAD,)),
    "other_admin": ("Rose Adam", Profile.STAFF, (OTHER,), (), (Role.LOCAL_ADMIN,)),
    "referent": ("Salomé Weber", Profile.EXTERNAL, (DEPARTEMENT,), (), (Role.REFERENT, Role.LISTENER)),
    "unsaid": ("", Profile.VISITOR, (COLLEGE,), (), ()),
    "circo1": ("Nadia Perrin", Profile.EXTERNAL, (CIRCONSCRIPTION,), (), (Role.LISTENER,)),
    "circo2": ("Hugo Simon", Profile.EXTERNAL, (CIRCONSCRIPTION,), (), (Role.LISTENER,)),
}


@dataclass
class Town:
    """The people by first name, their schools by code, and browsers in which they are signed in."""

    app: Flask
    house: House
    portal_id: UUID
    schools: dict[str, UUID]
    people: dict[str, Person] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    def arrival(self, name: str) -> Arrival:
        full, profile, uais, classes, roles = _PEOPLE[name]
        head = Role.HEAD in roles
        return Arrival(self.portal_id, f"subject-{name}", profile, full, uais, classes, "fr", head)

    def a_day_passes(self) -> None:
        """Whoever was confirmed as a member counts from now on."""
        with self.house.database.writing() as db:
            db.execute(text("UPDATE ent_grant SET counts_from = NULL"), execution_options={"across": True})
        self.house.database.recall = Recall()

    def browser(self, name: str | None = None, language: str = "fr") -> "Browser":
        """A fresh browser, signed in as that person, or as nobody."""
        browser = Browser(self)
        if name is not None:
            browser.arrive(self.arrival(name), language)
        return browser

    def membership(self, name: str, uai: str | None = None) -> Membership:
        person = self.people[name]
        return next(one for one in person.memberships if uai in {None, one.uai})


class Browser:
    """A client with a cookie jar that sends the CSRF token and the place, as a page's form would."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.client: FlaskClient = town.app.test_client()
        self.session: sessions.WebSession | None = None
        self.uai = ""

    def arrive(self, arrival: Arrival, language: str = "fr") -> None:
        """Signs in whoever that is, known before or not."""
        house = self.town.house
        with house.database.writing() as db:
            session = sessions.WebSession.fresh()
            sign_in.enter(db, house.keys, session, arrival)
            session["language"] = language
            sessions.save(db, session, house.settings)
        self.session = session
        self.client.set_cookie(sessions.cookie_name(house.settings), session.cookie, path=house.settings.url_prefix)

    def me(self) -> dict[str, Any]:
        """Who one is here, as the module says it."""
        answer: dict[str, Any] = self.get("/me").get_json()
        return answer

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(f"{self.town.house.settings.url_prefix}{path}", buffered=True, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        token = csrf.token(self.town.house.keys, self.session) if self.session else ""
        answer = self.client.post(
            f"{self.town.house.settings.url_prefix}{path}",
            data={"csrf_token": token, **self.place(path), **(data or {})},
            buffered=True,
            **more,
        )
        if path == "/work-in" and answer.status_code == 303 and data:
            self.uai = data["uai"]
        return answer

    def place(self, path: str) -> dict[str, str]:
        """The field that names the establishment one works in, as the forms of its settings have it."""
        person = self.session.get("person") if self.session else None
        in_place = ("/staff/settings", "/staff/surveys/questionnaires")
        if person is None or not path.startswith(in_place):
            return {}
        return {"acting_in": str(self.town.schools[self.uai] if self.uai else person["accounts"][0][0])}

    def fill(self, path: str, data: dict[str, Any] | None = None, having: str = "", **more: Any) -> TestResponse:
        """Opens a page, fills in its form and sends it, as a browser would: hidden fields and defaults included."""
        opened = self.get(path)
        assert opened.status_code == 200, f"{path} answers {opened.status_code}"
        found = forms.form(opened.text, having)
        prefix = self.town.house.settings.url_prefix
        return self.post(found.way(having).removeprefix(prefix) or path, {**found.values, **(data or {})}, **more)


def build(app: Flask) -> Town:
    """Fills an empty database with the town."""
    house: House = app.extensions["ent"]
    with house.database.writing() as db:
        department = establishments.add(db, DEPARTEMENT, "DSDEN du Nord", Kind.DEPARTEMENT, check=False)
        circo = establishments.add(
            db,
            CIRCONSCRIPTION,
            "Circonscription de Lille 1",
            Kind.CIRCONSCRIPTION,
            parent=department,
            check=False,
        )
        schools = {DEPARTEMENT: department.id, CIRCONSCRIPTION: circo.id}
        for uai, name, kind, parent in (
            (COLLEGE, "Collège Simone-Veil", Kind.COLLEGE, department),
            (OTHER, "Collège Lucie-Aubrac", Kind.COLLEGE, department),
            (LYCEE, "Lycée Rosa-Parks", Kind.LYCEE, department),
            (ECOLE, "École Jean-Moulin", Kind.ECOLE, circo),
        ):
            schools[uai] = establishments.add(db, uai, name, kind, parent=parent, check=False).id
            # wherever enough people read
            establishments.draft(db, schools[uai], "channel", {"open": True, "year": THIS_YEAR})
            establishments.publish(db, schools[uai], "channel")
        portal = identity.add_portal(db, "lti", "Portail", PORTAL_ORIGIN)
        for establishment_id in schools.values():
            identity.attach(db, portal, establishment_id)
        town = Town(app, house, portal.id, schools)
        for name, (_full, _profile, _uais, _classes, roles) in _PEOPLE.items():
            person = identity.welcome(db, house.keys, town.arrival(name))
            for membership in person.memberships:
                for role in roles:
                    identity.grant(db, membership.establishment_id, membership.account_id, role, date(2026, 9, 1))
            town.people[name] = identity.welcome(db, house.keys, town.arrival(name))
    return town
