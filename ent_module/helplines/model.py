"""A helpline: what it is for, when it answers, and whether what we say of it was checked lately."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit

from ent_module.establishments.calendar import WEEKDAYS, paris


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
_TEXTS = ("name", "who")


def mistakes(entry: dict[str, Any], languages: frozenset[str]) -> list[str]:
    """What is wrong with an entry of the data file, in words; an empty list where nothing is."""
    found = [
        f"{key} is missing" for key in ("id", "number", "dial", "source", "checked", "expires") if not entry.get(key)
    ]
    found += [
        f"{key} must be in {', '.join(sorted(languages))}" for key in _TEXTS if set(entry.get(key) or ()) != languages
    ]
    if entry.get("discreet") and set(entry["discreet"]) != languages:
        found.append("discreet must be in every language or null")
    if not str(entry.get("dial", "")).isdecimal():
        found.append("dial must be digits only")
    if entry.get("group") not in GROUPS:
        found.append(f"group must be one of {', '.join(sorted(GROUPS))}")
    if not set(entry.get("channels") or ["?"]) <= CHANNELS:
        found.append(f"channels must be among {', '.join(sorted(CHANNELS))}")
    if str(entry.get("number")) == "3020":
        found.append("3020 has closed; its service is 3018")
    return found


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
