"""The département of a school, and how its CRIP is reached where that was verified.

In: `resources/data/departments.yaml`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.help.model import notices
from ent_module.rooms import Mistake
from ent_module.shelves import shelf
from ent_module.web import content
from ent_module.web.content import MalformedError

log = structlog.get_logger("ent")

_PREFIX = 3
"""So many characters of a school's code are its département's."""


@dataclass(frozen=True)
class Contact:
    """How the CRIP is reached, as somebody of the school or of a level above has typed it."""

    name: str
    phone: str
    address: str


@dataclass(frozen=True)
class Crip:
    """Where an information préoccupante goes. `reached` is empty where nobody has verified it."""

    department: str
    reached: str = ""
    source: str = ""
    checked: date | None = None
    own: Contact | None = None
    """Comes before what is known of the département."""


SETTING = "crip_contact"
LONGEST_NAME = 100
_PHONE = re.compile(r"(?:\+33[ .-]?|0)[1-9](?:[ .-]?\d{2}){4}")


def contact(typed: Mapping[str, Any]) -> Contact | None:
    """What was typed, or kept; None where all of it is empty. Raises ValueError, with the field, for what is no name,
    telephone number or e-mail address, and where nothing says how it is reached.
    """
    name, phone, address = (" ".join(str(typed.get(field) or "").split()) for field in ("name", "phone", "address"))
    if not (name or phone or address):
        return None
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise ValueError("name")
    if (phone or not address) and not _PHONE.fullmatch(phone):
        raise ValueError("phone")
    if address and notices.address(address) is None:
        raise ValueError("address")
    return Contact(name, phone, address)


def typed_here(db: Session, establishment_id: UUID) -> Contact | None:
    """The contact that was entered for a school, by itself or by the nearest level above that has."""
    try:
        return contact(establishments.published(db, establishment_id, SETTING) or {})
    except ValueError:
        return None


def of(db: Session, establishment_id: UUID) -> Crip | None:
    """The CRIP for a school: the contact that was entered for it before what is known of its département."""
    known, own = of_school(establishments.get(db, establishment_id).uai), typed_here(db, establishment_id)
    return replace(known or Crip(""), own=own) if own else known


def of_school(uai: str) -> Crip | None:
    """The CRIP for a school of that code; None for a code of no known département."""
    return _all().get(uai[:_PREFIX])


@cache
def _all() -> dict[str, Crip]:
    """Every département. An entry with a mistake is left out and named in the log."""
    try:
        entries = _read()
    except MalformedError as error:
        log.error("departments", line=error.fault.line, message=error.fault.message)
        return {}
    found = {}
    for code, entry in entries.items():
        if wrong := _wrong(code, entry):
            log.error("departments", message=wrong)
            continue
        found[code] = Crip(entry["name"], **(entry["crip"] or {}))
    return found


def _path() -> Path:
    return shelf("resources") / "data" / "departments.yaml"


def _read() -> dict[str, Any]:
    try:
        _node, values = content.load_yaml(content.read(_path()))
    except FileNotFoundError:
        raise MalformedError(1, "is missing") from None
    if not isinstance(values, dict):
        raise MalformedError(1, "must be départements by the first three digits of a school's code")
    return values


def _wrong(code: Any, entry: Any) -> str:
    """What is wrong with an entry; empty where nothing is."""
    if not (isinstance(code, str) and len(code) == _PREFIX and code.isdigit()):
        return f"{code} must be three digits between quotation marks"
    if not isinstance(entry, dict) or set(entry) != {"name", "crip"} or content.must_be_text(entry["name"]):
        return f"{code} must have name and crip, and nothing else"
    crip = entry["crip"]
    if crip is None:
        return ""
    if not isinstance(crip, dict) or set(crip) != {"reached", "source", "checked"}:
        return f"{code}: crip must be null, or have reached, source and checked"
    wrong = content.must_be_text(crip["reached"]) or content.must_be_day(crip["checked"])
    if not wrong and not str(crip["source"]).startswith("https://"):
        wrong = "source must be an address on the web"
    return f"{code}: {wrong}" if wrong else ""


def check_content() -> Iterable[Mistake]:
    """The mistakes of the file."""
    try:
        entries = _read()
    except MalformedError as error:
        yield Mistake(_path(), error.fault.line, error.fault.message)
        return
    lines = content.read(_path()).splitlines()
    for code, entry in entries.items():
        if wrong := _wrong(code, entry):
            line = next((number for number, text in enumerate(lines, 1) if text.startswith(f'"{code}"')), 1)
            yield Mistake(_path(), line, wrong)
