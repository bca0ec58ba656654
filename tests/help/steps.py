"""What people do on the pages of this room, for its tests: write, come back with the code, work at the desk."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from werkzeug.test import TestResponse

from ent_module.database import Base
from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import Hours, SchoolCalendar
from ent_module.help import content_keys
from ent_module.help.model.draft import Audience, Draft
from ent_module.help.sealing import Place
from ent_module.help.service import writing
from ent_module.help.service.header import Writer
from ent_module.help.slots import SLOT, SlotKey, filled, size_of
from ent_module.help.tables import Conversation, KeySlots, MoveLine
from ent_module.identity.tables import Account
from tests.support.forms import form
from tests.support.town import COLLEGE, Browser, Town

WHERE = re.compile(r"/staff/desk/([0-9a-f-]{36})\"")
MESSAGE = "On me prend mon sac dans le couloir."
ARRIVED = "message est arrivé"
NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
"""A Thursday, in school time."""


def send(browser: Browser, page: str = "/write", **given: Any) -> TestResponse:
    """Fills in the form of a page and sends it, as a browser without JavaScript would."""
    values = {name: value[-1:] or "" for name, value in form(browser.get(page).text, page).values.items()}
    return browser.post(page, {**values, "message": MESSAGE, "answer": "here-named", **given})


def code_on(page: str) -> str:
    """The eight words on a confirmation."""
    found = re.search(r'class="code words">(.*?)</ol>', page)
    assert found
    words = re.findall(r"<li>([^<]+)</li>", found[1])
    assert len(words) == 8
    return " ".join(words)


def token_on(page: str) -> str:
    """The form's own token."""
    found = re.search(r'name="token" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def step_on(page: str) -> str:
    """How far the conversation is, as its page says it to its form."""
    found = re.search(r'name="step" value="(\d+)"', page)
    assert found
    return found[1]


def opened(browser: Browser, code: str) -> TestResponse:
    """The page that a code opens."""
    return browser.post("/words", {"code": code})


def on_desk(browser: Browser, show: str = "") -> list[str]:
    """The ids in someone's inbox, in order."""
    page = browser.get(f"/staff/desk{show}")
    assert page.status_code == 200, page.status_code
    return WHERE.findall(page.text)


def act(browser: Browser, conversation: str, action: str, **given: Any) -> TestResponse:
    """One move at the desk."""
    page = browser.get(f"/staff/desk/{conversation}")
    assert page.status_code == 200, page.status_code
    values = {"token": token_on(page.text), "step": step_on(page.text), **ASKED_FOR.get(action, {})}
    return browser.post(f"/staff/desk/{conversation}/{action}", {**values, **given})


ASKED_FOR = {"close": {"outcome": "talked"}, "hand_over": {"because": "Besoin d’appui."}}
"""What these moves are told where a test is about something else."""


def seen(page: TestResponse) -> str:
    """A page as one reads it: without tags, entities and the marks around names."""
    text = unescape(re.sub(r"<[^>]+>", " ", page.text))
    return re.sub(r"\s+", " ", text.replace("\u2068", "").replace("\u2069", "").replace("\u202f", " "))


@dataclass
class Written:
    """A conversation made by the service, for tests of what comes after."""

    id: UUID
    school: UUID
    code: str
    receipt: writing.Receipt = field(repr=False)


def write(town: Town, *, uai: str = COLLEGE, now: datetime = NOW, name: str = "Lina Morel", **given: Any) -> Written:
    """Somebody writes at that moment; committed."""
    school = town.schools[uai]
    draft = Draft(Audience.PUPIL, **{"message": MESSAGE, "answer": "here-unnamed", **given})
    with town.house.database.writing() as db:
        before = set(db.scalars(select(Conversation.id).where(Conversation.establishment_id == school)))
        writer = Writer(school, draft.audience, "fr", name, ("6e B",))
        receipt = writing.send(db, town.house.keys, writer, draft, uuid4().bytes, now)
        after = set(db.scalars(select(Conversation.id).where(Conversation.establishment_id == school)))
    return Written((after - before).pop(), school, " ".join(receipt.code or ()), receipt)


def count(town: Town, table: type[Base]) -> int:
    """How many rows there are, over all schools."""
    with town.house.database.reading() as db:
        return db.scalar(select(func.count()).select_from(table), execution_options={"across": True}) or 0


def row_of(town: Town, written: Written) -> Conversation:
    """The row of a conversation."""
    with town.house.database.reading() as db:
        found = db.get(Conversation, (written.school, written.id))
        assert found is not None
        return found


def actions_of(town: Town, written: Written) -> list[str]:
    """What was done with it, the earliest first."""
    with town.house.database.reading() as db:
        return list(
            db.scalars(
                select(MoveLine.action)
                .where(MoveLine.establishment_id == written.school, MoveLine.conversation_id == written.id)
                .order_by(MoveLine.number)
            )
        )


def readers_of(town: Town, written: Written) -> set[UUID]:
    """The accounts that hold a key of a conversation."""
    with town.house.database.reading() as db:
        slots = db.get_one(KeySlots, (written.school, written.id)).slots
        place, keys = Place(written.school, written.id), town.house.keys
        accounts = db.execute(select(Account.establishment_id, Account.id), execution_options={"across": True})
        return {one for level, one in accounts if SlotKey.of(keys, level, one).is_in(slots, place)}


def rewrite(
    town: Town, written: Written, more: Iterable[tuple[UUID, UUID]] = (), *, broken: UUID | None = None
) -> None:
    """Slots as somebody might leave them: for other accounts too (level, account), or with one account's key broken."""
    place, keys = Place(written.school, written.id), town.house.keys
    with town.house.database.writing() as db:
        row = db.get_one(KeySlots, (written.school, written.id))
        host = SlotKey.of_the_host(keys, written.school)
        key = host.opened(row.slots, place, lambda: content_keys.read(keys, place.conversation_id))
        accounts = db.execute(select(Account.establishment_id, Account.id), execution_options={"across": True})
        mine = [SlotKey.of(keys, *one) for one in accounts if SlotKey.of(keys, *one).is_in(row.slots, place)]
        row.slots = filled(key, [host, *mine, *(SlotKey.of(keys, *one) for one in more)], size_of(row.slots))
        if broken is not None:
            tag = SlotKey.of(keys, written.school, broken).tag(place, row.slots[:16])
            end = row.slots.index(tag) + SLOT
            row.slots = row.slots[: end - 1] + bytes([row.slots[end - 1] ^ 1]) + row.slots[end:]


def account(town: Town, name: str, uai: str | None = None) -> UUID:
    """Someone's account."""
    return town.membership(name, uai).account_id


def next_day() -> date:
    """A day from tomorrow on, on which the collège is open."""
    calendar, day = SchoolCalendar(Hours()), datetime.now(UTC).date() + timedelta(days=1)
    return next(one for one in (day + timedelta(days=ahead) for ahead in range(80)) if calendar.is_school_day(one))


def publish(town: Town, name: str, value: Any, uai: str = COLLEGE) -> None:
    """A school's setting, as everyone sees it from now on."""
    with town.house.database.writing() as db:
        establishments.draft(db, town.schools[uai], name, value)
        establishments.publish(db, town.schools[uai], name)
