"""What a school may enter: forms are read into settings, or into what is wrong with them, by field.

A form is a mapping of a field's name to what was typed; a problem is a word that `sentences` turns into a sentence.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any

from ent_module.establishments.calendar import WEEKDAYS, Hours
from ent_module.languages import LANGUAGES
from ent_module.setup.promises import promises

CARD_LENGTHS = {"name": 80, "role": 80, "place": 120, "hours": 120}
CARDS = 20
WORDS = 600
CLOSED_DAYS = 300
CLOSED_ROWS = 3
"""Empty rows for closed days, below those that are filled."""
RESPONSE_DAYS = (1, 2, 3)


class Problem(StrEnum):
    """What is wrong with what was typed."""

    CARD_WITHOUT_NAME = "card_without_name"
    TOO_LONG = "too_long"
    NOT_TEXT = "not_text"
    UNKNOWN_ADULT = "unknown_adult"
    ADULT_HAS_A_CARD = "adult_has_a_card"
    TOO_MANY_CARDS = "too_many_cards"
    NO_DAY = "no_day"
    TIME_MISSING = "time_missing"
    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins"
    NOT_A_DAY = "not_a_day"
    DAYS_BACKWARDS = "days_backwards"
    TOO_MANY_DAYS = "too_many_days"
    FRENCH_MISSING = "french_missing"
    NOT_OFFERED = "not_offered"
    PROMISES = "promises"


Form = Mapping[str, str]
Problems = dict[str, list[Problem]]


@dataclass(frozen=True)
class Read:
    """A form that was read: the setting, or what is wrong. The setting of a form with problems is never used."""

    value: Any
    problems: Problems


def plain(text: str) -> str:
    """The text with plain line ends and without spaces around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def is_text(text: str) -> bool:
    """No control characters but line ends, and none that turn the direction of what follows."""
    return not any(unicodedata.category(char) in {"Cc", "Cs"} and char != "\n" for char in text) and not any(
        char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069" for char in text
    )


def _text_problems(text: str, limit: int) -> list[Problem]:
    return [Problem.TOO_LONG] * (len(text) > limit) + [Problem.NOT_TEXT] * (not is_text(text))


# --- Contact cards ----------------------------------------------------------------------------------------------------


def read_card(form: Form, adults: Iterable[str]) -> Read:
    """A card without its id. `adults` are the accounts that it may be linked to."""
    card: dict[str, str | None] = {name: " ".join(form.get(name, "").split()) for name in CARD_LENGTHS}
    problems = {
        name: found for name, limit in CARD_LENGTHS.items() if (found := _text_problems(card[name] or "", limit))
    }
    if not card["name"] and not card["role"]:
        problems["name"] = [Problem.CARD_WITHOUT_NAME]
    card["account_id"] = form.get("account_id", "") or None
    if card["account_id"] is not None and card["account_id"] not in set(adults):
        problems["account_id"] = [Problem.UNKNOWN_ADULT]
    return Read(card, problems)


Cards = list[dict[str, Any]]


def card_of(cards: Cards, card_id: str) -> dict[str, Any] | None:
    """The card of that id."""
    return next((card for card in cards if card["id"] == card_id), None)


def with_card(cards: Cards, card: dict[str, Any]) -> Cards:
    """The cards with this one in the place of the one of its id, or at the end."""
    if card_of(cards, card["id"]) is None:
        return [*cards, card]
    return [card if one["id"] == card["id"] else one for one in cards]


def others_account(cards: Cards, card: dict[str, Any]) -> bool:
    """Whether another of the cards is linked to the account of this one."""
    linked = {one["account_id"] for one in cards if one["id"] != card["id"] and one.get("account_id")}
    return card["account_id"] in linked


def without_card(cards: Cards, card_id: str) -> Cards:
    """The cards without that one."""
    return [card for card in cards if card["id"] != card_id]


def moved(cards: Cards, card_id: str, steps: int) -> Cards:
    """The cards with that one moved by so many places; at an end it stays."""
    order = [card["id"] for card in cards]
    if card_id not in order:
        return cards
    here = order.index(card_id)
    there = min(max(here + steps, 0), len(cards) - 1)
    rest = [*cards[:here], *cards[here + 1 :]]
    return [*rest[:there], cards[here], *rest[there:]]


# --- Opening hours ----------------------------------------------------------------------------------------------------


def hours_form(value: Any) -> dict[str, str]:
    """The fields that show the setting `hours`."""
    hours = Hours.from_setting(value)
    fields: dict[str, str] = {}
    for day, (start, end) in hours.days.items():
        fields |= {f"{day}-open": "1", f"{day}-from": start.isoformat("minutes"), f"{day}-to": end.isoformat("minutes")}
    for row, (first, last) in enumerate(spans(hours.closed)):
        fields |= {
            f"closed-{row}-from": first.isoformat(),
            f"closed-{row}-to": last.isoformat() if last != first else "",
        }
    return fields


def spans(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days that follow each other, as their first and last."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def closed_rows(form: Form) -> range:
    """The rows of closed days of a form: those that are filled, and some that are empty."""
    filled = [int(name.split("-")[1]) for name, typed in form.items() if typed.strip() and _is_closed_field(name)]
    return range(max(filled, default=-1) + 1 + CLOSED_ROWS)


def _is_closed_field(name: str) -> bool:
    parts = name.split("-")
    return len(parts) == 3 and parts[0] == "closed" and parts[1].isdecimal() and len(parts[1]) < 4


def read_hours(form: Form) -> Read:
    """The setting `hours`: at least one day, each from earlier to later, and the school's own closed days."""
    problems: Problems = {}
    days: dict[str, tuple[time, time]] = {}
    for day in WEEKDAYS:
        if form.get(f"{day}-open"):
            start, end = _time(form.get(f"{day}-from", "")), _time(form.get(f"{day}-to", ""))
            if start is None or end is None:
                problems[f"{day}-from" if start is None else f"{day}-to"] = [Problem.TIME_MISSING]
            elif start >= end:
                problems[f"{day}-to"] = [Problem.ENDS_BEFORE_IT_BEGINS]
            else:
                days[day] = (start, end)
    if not days and not problems:
        problems["days"] = [Problem.NO_DAY]
    closed: set[date] = set()
    for row in closed_rows(form):
        found = _closed(form, row)
        if isinstance(found, dict):
            problems |= found
        else:
            closed |= found
    if len(closed) > CLOSED_DAYS:
        problems["closed-0-from"] = [Problem.TOO_MANY_DAYS]
    return Read(Hours(days, frozenset(closed)).as_setting(), problems)


def _closed(form: Form, row: int) -> set[date] | Problems:
    """The days of one row, or what is wrong with it; an empty row is no day."""
    names = (f"closed-{row}-from", f"closed-{row}-to")
    typed = [form.get(name, "").strip() for name in names]
    if not any(typed):
        return set()
    first, last = _date(typed[0]), _date(typed[1] or typed[0])
    if first is None or last is None:
        return {names[0] if first is None else names[1]: [Problem.NOT_A_DAY]}
    if last < first:
        return {names[1]: [Problem.DAYS_BACKWARDS]}
    if (last - first).days >= CLOSED_DAYS:
        return {names[1]: [Problem.TOO_MANY_DAYS]}
    return {first + timedelta(days=ahead) for ahead in range((last - first).days + 1)}


def _time(text: str) -> time | None:
    try:
        found = time.fromisoformat(text.strip())
    except ValueError:
        return None
    return found.replace(second=0, microsecond=0) if found.tzinfo is None else None


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2100 else None


# --- Words, and the delay ---------------------------------------------------------------------------------------------


def words_form(value: Any) -> dict[str, str]:
    """The fields that show the setting `words`."""
    return {f"before-{lang}": ((value or {}).get("before") or {}).get(lang, "") for lang in LANGUAGES}


def read_words(form: Form) -> Read:
    """The setting `words`: plain text, in French wherever there is any; nothing at all is fine."""
    typed = {lang: plain(form.get(f"before-{lang}", "")) for lang in LANGUAGES}
    problems = {f"before-{lang}": found for lang, text in typed.items() if (found := _text_problems(text, WORDS))}
    if any(typed.values()) and not typed["fr"]:
        problems["before-fr"] = [Problem.FRENCH_MISSING]
    return Read({"before": {lang: text for lang, text in typed.items() if text}}, problems)


def words_to_publish(form: Form, words: dict[str, Any]) -> Problems:
    """What stands between these words and the pupils: a promise that the law does not let anybody keep, unless one
    has ticked that one has read it again.
    """
    return {"aware": [Problem.PROMISES]} if promises(words["before"].values()) and not form.get("aware") else {}


def delay_form(value: Any) -> dict[str, str]:
    """The field that shows the setting `response_days`."""
    return {"days": str(value or RESPONSE_DAYS[0])}


def read_delay(form: Form) -> Read:
    """The setting `response_days`: one to three school days."""
    typed = form.get("days", "")
    if typed not in map(str, RESPONSE_DAYS):
        return Read(None, {"days": [Problem.NOT_OFFERED]})
    return Read(int(typed), {})


# --- National numbers -------------------------------------------------------------------------------------------------


def months_since(checked: date, today: date) -> int:
    """Whole months from one day to another."""
    return (today.year - checked.year) * 12 + today.month - checked.month - (today.day < checked.day)
