"""The URL table of a room and how an entry of it is served.

A view takes a database session, the person and the values of the address, and returns a response:
`def read(db, person, sheet_id) -> str`. It neither commits nor checks rights: the table says who may, POST gets a
writing session that is committed before the answer leaves, and CSRF is checked before the view runs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from flask import Blueprint, Response, g, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, Forbidden, HTTPException, Unauthorized

from ent_module.web import csrf, errors, language, sessions
from ent_module.web.house import House, house


@dataclass(frozen=True)
class Committed:
    """What a view returns whose answer is made once its session is committed: it must not leave before, and what takes
    long in it keeps nobody waiting who writes."""

    answer: Callable[[], ResponseReturnValue]


View = Callable[..., ResponseReturnValue | Committed]


class Allow(Protocol):
    """Who may use an endpoint (`identity.allow`)."""

    def admits(self, person: Any) -> bool:
        """Whether that person, or nobody (None), may."""
        ...


class Guard(Protocol):
    """What is asked of a person before a page, beyond their rights (`help.lock`)."""

    def ask(self, db: Session, *, writes: bool) -> ResponseReturnValue | None:
        """The page that stands there instead, or None: it is open. `writes`: what the session changes is committed."""
        ...

    def mark(self, response: Response) -> None:
        """What the answer carries from then on."""
        ...


@dataclass(frozen=True)
class Url:
    """One line of a room's URL table."""

    rule: str
    name: str
    view: View
    allow: Allow
    methods: tuple[str, ...] = ("GET",)
    writes_on_get: str = ""
    """Why a GET may change something: sign-in callbacks, `/leave`, the audit line of an opened message."""
    proof: str = ""
    """For endpoints that machines call: what replaces the CSRF token."""
    texts: tuple[str, ...] = ()
    """Names of the long texts of its form: shown back, to be copied, where the form could not be sent."""
    in_place: bool = False
    """Its form changes the establishment whose page it stands on: it names that one (`acting_in`), and is refused where
    the person works in another one by now, as after a change in another tab."""
    cookies: Literal["read", "unread", "refused"] = "read"
    """Whether a session is looked for. Where ballots arrive it is not, and a script that sends our cookie along is
    refused: nobody is to be able to say who sent what."""
    slow: bool = False
    """Its POST takes long: it gets a session that reads, and opens those that write itself, so that nobody waits for
    it."""
    quiet: bool = False
    """Not a line in the log unless it fails: that somebody asks is to be counted nowhere."""
    guard: Guard | None = None
    """What else it asks for. It is asked once rights and token are found good, and before the view."""
    unguarded: str = ""
    """Where its room guards every page: why this one is open without."""
    before: Callable[[], None] | None = None
    """What may take long (asking another server): done first, before anybody's rights and any lock of the database."""


def blueprint(name: str, table: tuple[Url, ...], room: str, declared: dict[str, Url]) -> Blueprint:
    """A blueprint made of a URL table of the package `room`; fills `declared`."""
    made = Blueprint(name, f"ent_module.{room}")
    made.before_request(language.speak)
    for entry in table:
        # Neither a doubled slash nor a missing one is put right by a redirect: Werkzeug's would name the Host header.
        slashes = {"merge_slashes": False, "strict_slashes": entry.rule != "/"}
        made.add_url_rule(entry.rule, entry.name, _endpoint(entry), methods=entry.methods, **slashes)
        declared[f"{name}.{entry.name}"] = entry
    return made


def _endpoint(entry: Url) -> Callable[..., ResponseReturnValue]:
    def serve(**values: Any) -> ResponseReturnValue:
        return answer(house(), entry, values)

    serve.__name__ = entry.name
    return serve


def answer(ours: House, entry: Url, values: dict[str, Any]) -> Response:
    """Runs one entry: person, rights, CSRF, view, session, commit, in this order; errors become pages."""
    writes = not entry.slow and (request.method not in {"GET", "HEAD", "OPTIONS"} or bool(entry.writes_on_get))
    # Asked before the view: what the view has committed must not become an error because the database fails after it.
    g.ent_ancestors = ours.frame_ancestors(None)
    try:
        if entry.before is not None:
            entry.before()
        with ours.database.writing() if writes else ours.database.reading() as db:
            _admit(ours, db, entry)
            asked = entry.guard.ask(db, writes=writes) if entry.guard is not None else None
            made = entry.view(db, g.ent_person, **values) if asked is None else asked
            if g.ent_session is not None and writes:
                sessions.save(db, g.ent_session, ours.settings)
        response = make_response(made.answer() if isinstance(made, Committed) else made)
        if entry.guard is not None:
            entry.guard.mark(response)
    except HTTPException as error:
        return errors.page(error)
    except Exception as error:  # noqa: BLE001  # whatever went wrong, the reader gets a page and the log no text
        return errors.unexpected(error)
    if g.ent_session is not None and (g.ent_session.changed or g.ent_session.ended):
        sessions.set_cookie(response, g.ent_session, ours.settings)
    g.ent_headers = response.headers.copy()
    return response


def _admit(ours: House, db: Session, entry: Url) -> None:
    """Refuses another site's form, finds who is here and refuses whoever may not, then a form without its token."""
    if errors.is_foreign_form():
        raise BadRequest
    if entry.cookies == "refused" and sessions.cookie_name(ours.settings) in request.cookies:
        raise BadRequest
    g.ent_session = sessions.load(db, request, ours.settings) if entry.cookies == "read" else None
    if g.ent_session is not None:  # it may have a language of its own
        language.speak()
    g.ent_person = ours.identify(db, g.ent_session)
    g.ent_ancestors = ours.frame_ancestors(g.ent_person)
    if not entry.allow.admits(g.ent_person):
        raise Unauthorized if g.ent_person is None else Forbidden
    if (
        request.method == "POST"
        and not entry.proof
        and not (g.ent_session is not None and csrf.holds(ours.keys, g.ent_session, _sent_form()))
    ):
        raise BadRequest
    if request.method == "POST" and entry.in_place:
        errors.refuse_other_place(request.form.get("acting_in", ""), g.ent_person)


def _sent_form() -> Mapping[str, str]:
    """The form, or for a script that sends no form the token that stands in its header."""
    token = request.headers.get("X-CSRF-Token")
    return request.form if token is None else MultiDict({"csrf_token": token})


def web_session() -> sessions.WebSession | None:
    """The session of the present request, where there is one."""
    found: sessions.WebSession | None = g.get("ent_session")
    return found


def start_session() -> sessions.WebSession:
    """A fresh session for the present request; what the browser had before is left behind."""
    g.ent_session = sessions.WebSession.fresh()
    made: sessions.WebSession = g.ent_session
    return made
