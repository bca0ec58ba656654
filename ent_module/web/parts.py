"""What every template may use, and the answer to "who may" that `web` itself knows."""

from datetime import time
from functools import cache, partial
from typing import Any

from flask import g, request, url_for
from flask.globals import request_ctx
from flask_babel import format_date
from werkzeug.exceptions import HTTPException

from ent_module.languages import LANGUAGES, SOURCE
from ent_module.web import csrf, language, leaving
from ent_module.web.addresses import OfPage
from ent_module.web.elsewhere import is_framed, is_on_its_own
from ent_module.web.house import House, house
from ent_module.web.static_files import static_url


class _Everybody:
    def admits(self, _person: Any) -> bool:
        return True


EVERYBODY = _Everybody()


class _Somebody:
    def admits(self, person: Any) -> bool:
        return person is not None


SOMEBODY = _Somebody()


def _token() -> str:
    return csrf.token(house().keys, g.ent_session) if g.get("ent_session") is not None else ""


def _acting_in() -> str:
    """The establishment whose page this is, where a form on it must say so (`Url.in_place`)."""
    entry, person = house().declared.get(request.endpoint or ""), g.get("ent_person")
    return str(person.here.establishment_id) if person is not None and getattr(entry, "in_place", False) else ""


def day(value: Any) -> str:
    """A date as the reader writes it: « lundi 2 novembre », « mardi 1er décembre »."""
    return str(format_date(value, f"EEEE {_number(value)} MMMM"))


def _number(value: Any) -> str:
    """Babel's pattern for the day of the month: in French the first is « 1er »."""
    return "d'er'" if value.day == 1 and language.language() == SOURCE else "d"


def full_date(value: Any) -> str:
    """A date with its year: « 2 novembre 2026 »."""
    return str(format_date(value, f"{_number(value)} MMMM y"))


def month(value: Any) -> str:
    """The month of a date with its year: « novembre 2026 »."""
    return str(format_date(value, "LLLL y"))


def clock(value: time) -> str:
    """A time of day as the reader writes it: « 9 h », « 9 h 30 », 9:30."""
    if language.language() != SOURCE:
        return f"{value.hour}:{value.minute:02}"
    return f"{value.hour}\u202fh" + (f"\u202f{value.minute:02}" if value.minute else "")


def _staff_side() -> bool:
    """Whether the page wears the staff's colour: on their side, and wherever an adult of a school is signed in."""
    person = g.get("ent_person")
    on_their_side = (request.endpoint or "").partition(".")[0].endswith("_staff")
    return on_their_side or (person is not None and person.profile.is_adult_at_school)


def _instead() -> str:
    """On a page that answers a form: the address that reloading it opens, so that nothing is sent twice. The page that
    the form stood on, where it has that same address; else home. Empty on every other page."""
    if request.method != "POST":
        return ""
    try:
        found = request_ctx.url_adapter.match(method="GET") if request_ctx.url_adapter else ("", {})
    except HTTPException:
        found = ("", {})
    page = house().declared.get(found[0])
    return request.script_root + request.path if page and not page.proof else url_for("ent_home.home")


def _sign_out() -> str:
    """Where one signs out of the portal too, for those who came by one that can be told; empty for the others."""
    session = g.get("ent_session")
    told = session is not None and not session.ended and bool((session.get("oidc") or {}).get("end"))
    return f"{house().settings.home_path}/sign-out" if told else ""


def _quick_exit(page: OfPage) -> str:
    """Where quick exit leads: where the page may stand in a portal's frame, to the address that ends this session."""
    session = g.get("ent_session")
    if session is None or session.ended or is_on_its_own(request):
        return page.url_for("ent_web.leave")
    return page.url_for("ent_web.leave_frame", token=leaving.token(house().keys, session.digest))


def common() -> dict[str, Any]:
    """The names that are the same for every reader of a language, whoever asks."""
    return _common(house(), OfPage())


def _common(ours: House, page: OfPage) -> dict[str, Any]:
    spoken = language.language()
    return {
        "lang": spoken,
        "dir": language.direction(spoken),
        "languages": LANGUAGES,
        "direction": language.direction,
        "title": ours.settings.title,
        "settings": ours.settings,
        "url_for": page.url_for,
        "static_url": partial(static_url, page),
        "day": day,
        "full_date": full_date,
        "month": month,
        "clock": clock,
    }


def context() -> dict[str, Any]:
    """The names that our templates may use beside their own."""
    page = OfPage()
    return _common(house(), page) | {
        "person": g.get("ent_person"),
        "signed_in": g.get("ent_session") is not None and g.get("ent_person") is not None,
        "csrf_token": cache(_token),
        "acting_in": _acting_in(),
        "here": request.script_root + request.path,
        "instead": _instead(),
        "staff_side": _staff_side(),
        "framed": is_framed(request),
        "sign_out": _sign_out(),
        "quick_exit": _quick_exit(page),
    }
