"""A helpline: what it is for, when it answers, and whether what we say of it was checked lately."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit

from ent_module.establishments.calendar import WEEKDAYS, paris
from ent_module.web import content


@dataclass(frozen=True)
class Helpline:
    """One number. Texts are by language; hours are Europe/Paris."""

    id: str
    number: str
    dial: str
    name: dict[str, str]
    who: dict[str, str]
    hours: tuple[tuple[frozenset[str], time, time], ...] | None
    """None: day and night."""
    channels: tuple[str, ...]
    chat_url: str | None
    free: bool
    discreet: dict[str, str] | None
    group: str
    source: str
    checked: date
    expires: date

    @property
    def always(self) -> bool:
        """Whether it answers day and night."""
        return self.hours is None

    @property
    def chat_site(self) -> str:
        """The chat's site as people say it: without `https://www.`."""
        return urlsplit(self.chat_url or "").netloc.removeprefix("www.")

    def is_open(self, moment: datetime) -> bool:
        """Whether it answers at that moment."""
        if self.hours is None:
            return True
        local = paris(moment)
        day = WEEKDAYS[local.weekday()]
        return any(day in days and start <= local.time() < end for days, start, end in self.hours)

    @property
    def span(self) -> tuple[time, time] | None:
        """From when to when on its first days, to be shown; None for day and night."""
        return None if self.hours is None else self.hours[0][1:]


GROUPS = frozenset({"emergency", "children", "other"})
CHANNELS = frozenset({"call", "sms", "chat"})
CLOSED = {"3020": "3020 has closed; its service is 3018"}
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_OPTIONAL = frozenset({"note"})

Wrong = tuple[str, str]
"""The key of the entry under which a mistake stands (empty for the entry itself), and what is wrong."""


def mistakes(entry: Any, languages: frozenset[str]) -> list[Wrong]:
    """What is wrong with an entry of the data file, in words; an empty list where nothing is."""
    if not isinstance(entry, dict):
        return [("", "a helpline must be keys and values")]
    musts = _musts(languages)
    found = [("", f"{key} is missing") for key in musts if key not in entry and key not in _OPTIONAL]
    for key, value in entry.items():
        if key not in musts:
            found.append((str(key), f"{key} is not a known key"))
        elif wrong := musts[key](value):
            found.append((key, f"{key} {wrong}"))
    if str(entry.get("number")) in CLOSED:
        found.append(("number", CLOSED[str(entry["number"])]))
    if not found and entry["expires"] <= entry["checked"]:
        found.append(("expires", "expires must be after checked"))
    if not found and "chat" in entry["channels"] and not entry["chat_url"]:
        found.append(("chat_url", "chat_url must be given for the channel chat"))
    return found


def _musts(languages: frozenset[str]) -> dict[str, content.Must]:
    """The keys of an entry and what each must be."""
    text, address = content.must_be_text, _must_match(r"https?://\S+", "must be an address on the web")
    texts = _must_be_in(languages)
    return {
        "id": text,
        "number": text,
        "dial": _must_match(r"\d+", "must be digits only, between quotation marks"),
        "name": texts,
        "who": texts,
        "hours": _must_be_hours,
        "channels": content.must_be_among(sorted(CHANNELS)),
        "chat_url": lambda value: "" if value is None else address(value),
        "free": content.must_be_flag,
        "discreet": lambda value: "" if value is None else texts(value),
        "group": _must_match("|".join(sorted(GROUPS)), f"must be one of {', '.join(sorted(GROUPS))}"),
        "source": address,
        "checked": content.must_be_day,
        "reviewer": text,
        "expires": content.must_be_day,
        "note": text,
    }


def _must_match(pattern: str, said: str) -> content.Must:
    return lambda value: "" if isinstance(value, str) and re.fullmatch(pattern, value) else said


def _must_be_in(languages: frozenset[str]) -> content.Must:
    """A text in every language and in no other."""

    def check(value: Any) -> str:
        fine = (
            isinstance(value, dict) and set(value) == languages and not any(map(content.must_be_text, value.values()))
        )
        return "" if fine else f"must be a text in each of {', '.join(sorted(languages))}"

    return check


def _must_be_hours(value: Any) -> str:
    """`always`, or spans of hours on some days."""
    if value == "always":
        return ""
    if not isinstance(value, list) or not value:
        return "must be always, or a list of days, from, to"
    return next((wrong for span in value if (wrong := _span_wrong(span))), "")


def _span_wrong(span: Any) -> str:
    if not isinstance(span, dict) or set(span) != {"days", "from", "to"}:
        return "must have days, from, to and nothing else"
    days = span["days"]
    if not isinstance(days, list) or not days or not all(day in WEEKDAYS for day in days):
        return f"days must be a list among {', '.join(WEEKDAYS)}"
    for key in ("from", "to"):
        if not isinstance(span[key], str) or not _CLOCK.fullmatch(span[key]):
            return f'{key} must be a time like "09:00", between quotation marks'
    return "" if span["from"] < span["to"] else "from must be before to"


def helpline(entry: dict[str, Any]) -> Helpline:
    """The helpline of a checked entry."""
    hours = entry["hours"]
    return Helpline(
        id=str(entry["id"]),
        number=str(entry["number"]),
        dial=str(entry["dial"]),
        name=entry["name"],
        who=entry["who"],
        hours=None
        if hours == "always"
        else tuple((frozenset(h["days"]), time.fromisoformat(h["from"]), time.fromisoformat(h["to"])) for h in hours),
        channels=tuple(entry["channels"]),
        chat_url=entry.get("chat_url"),
        free=bool(entry["free"]),
        discreet=entry.get("discreet"),
        group=entry["group"],
        source=entry["source"],
        checked=entry["checked"],
        expires=entry["expires"],
    )
