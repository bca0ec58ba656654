"""The whole room as a machine that makes any sequence of actions, and what must be true after each.

What is expected is kept here in plain sets, apart from the code that it looks at: which texts were acknowledged, and
which people a conversation is kept from. People are tried by what their desk and its pages show them.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule
from sqlalchemy import select

from ent_module.help import jobs
from ent_module.help.model.draft import Audience, Draft
from ent_module.help.model.moves import Lane, State
from ent_module.help.service import acting, desk, ending, listening, opened, returning, writing
from ent_module.help.service.acting import Act
from ent_module.help.service.doing import BadTargetError, MoveRefusedError, TextProblemError
from ent_module.help.service.header import Writer
from ent_module.help.service.store import NothingToOpenError
from ent_module.help.tables import Conversation
from ent_module.identity import service as identity
from ent_module.identity.model import Arrival, Person, Role
from tests.support.town import COLLEGE, DEPARTEMENT, Town

BEGIN = datetime(2026, 11, 9, 9, 30, tzinfo=UTC)
"""A Monday, in school time."""
OFFICE = "office"
GROUP = ("petit", "roux", "ines")
MAY_JOIN = ("clerk", "alba", "admin")
LAST = "referent"
"""Listens a level above, and stays: where really nobody is left, nobody can be given anything."""
PEOPLE = (*GROUP, *MAY_JOIN, "head", "nurse", LAST)
TYPED = {"": (), "M. Roux": ("roux",), "madame petit": ("petit",), "Inès V.": ("ines",), "le monsieur du portail": ()}
"""What a pupil types, and who that surely is."""
SOMEBODY = st.integers(0, 29)
"""Mostly one of those who read it, now and then anybody."""
REFUSED = (NothingToOpenError, MoveRefusedError, TextProblemError, BadTargetError)
Fresh = Callable[[], Town]


@dataclass
class Talk:
    """A conversation as the tests know it."""

    id: UUID
    out: set[str]
    """From whom it is kept: first names, and OFFICE."""
    texts: Counter[str]
    """Acknowledged to whoever wrote them."""
    draft: Draft | None = None
    nonce: bytes = b""
    code: str = ""
    gone: bool = False


@dataclass
class Beliefs:
    """What is true of the town by what was done so far."""

    now: datetime = BEGIN
    heads: set[str] = field(default_factory=lambda: {"head"})
    settled: bool = True
    """Whether the clock has looked since somebody last left."""
    written: int = 0

    def word(self) -> str:
        """A text that nobody wrote before."""
        self.written += 1
        return f"mot{self.written:04}fin"


class AnySequence(RuleBasedStateMachine):
    """Pupils write; the group reads, answers, hands over, marks, closes, erases; members come and go; time passes."""

    talks = Bundle("talks")
    fresh: Fresh
    """A town in which nobody has written yet, the same one for all sequences."""

    def __init__(self) -> None:
        super().__init__()
        self.town = type(self).fresh()
        self.school = self.town.schools[COLLEGE]
        self.all: list[Talk] = []
        self.is_now = Beliefs()
        with self.town.house.database.writing() as db:  # somebody above listens in the lane under secrecy too
            above = self.town.membership("referent", DEPARTEMENT)
            identity.grant(db, above.establishment_id, above.account_id, Role.SECRECY_LISTENER, date(2026, 9, 1))

    def teardown(self) -> None:
        self.pages_show_the_same()

    # --- The writer ---------------------------------------------------------------------------------------------------

    @rule(
        target=talks,
        out=st.sets(st.sampled_from((*GROUP, "head", OFFICE)), max_size=3),
        typed=st.sampled_from(list(TYPED)),
        danger=st.sampled_from(("", "yes", "no")),
        answer=st.sampled_from(("here-unnamed", "here-named", "later", "visit")),
        only=st.sampled_from(("", "petit", "roux")),
    )
    def write(self, out: set[str], typed: str, danger: str, answer: str, only: str) -> Any:
        text = self.is_now.word()
        draft = Draft(
            Audience.PUPIL,
            message=text,
            answer=answer,
            danger=danger,
            named=typed,
            adult="yes" if out or typed else "",
            without=tuple(self._account(one) for one in sorted(out)),
            only=str(self._account(only)) if only else "",
            stand_in=str(self._account("ines")) if only else "",
        )
        talk = Talk(uuid4(), out | set(TYPED[typed]), Counter([text]), draft, uuid4().bytes)
        receipt = self._send(talk)
        if receipt is None:
            return multiple()
        talk.code = " ".join(receipt.code or ())
        self.all.append(talk)
        return talk

    def _send(self, talk: Talk) -> writing.Receipt | None:
        assert talk.draft is not None
        try:
            with self._new_ids() as new, self.town.house.database.writing() as db:
                writer = Writer(self.school, Audience.PUPIL, "fr", "Lina Morel", ("6e B",))
                receipt = writing.send(db, self.town.house.keys, writer, talk.draft, talk.nonce, self.is_now.now)
        except (writing.ClosedError, writing.NoReaderError):
            return None
        [talk.id] = new or [talk.id]
        return receipt

    @rule(talk=talks)
    def the_same_form_again(self, talk: Talk) -> None:
        if talk.draft is not None and not talk.gone:
            before = talk.id
            self._send(talk)
            assert talk.id == before, "one form made two messages"

    @rule(talk=talks, twice=st.booleans())
    def write_again(self, talk: Talk, twice: bool) -> None:
        if not talk.code:
            return
        if not talk.gone and self._row(talk).state == State.CLOSED:
            self.is_now.settled = False  # whoever read it may have left since: the clock finds somebody
        keys, nonce, text = self.town.house.keys, uuid4().bytes, self.is_now.word()
        lina = self.town.membership("lina").account_id
        for _time in range(1 + twice):
            with self.town.house.database.writing() as db:
                found = returning.open_with_code(db, keys, self.school, lina, talk.code, self.is_now.now)
                assert (found is None) == talk.gone
                if found is not None:
                    returning.write_again(db, keys, found.key, text, nonce, self.is_now.now)
        talk.texts += Counter() if talk.gone else Counter([text])

    # --- The desk -----------------------------------------------------------------------------------------------------

    @rule(
        talk=talks,
        who=SOMEBODY,
        what=st.sampled_from(("take", "note", "urgent", "not_urgent", "reopen", "transmitted", "escalate")),
    )
    def do(self, talk: Talk, who: int, what: str) -> None:
        one = self._somebody(talk, who)
        self._act(talk, one, Act(what, text="Un mot.", more={"way": "crip"}))

    @rule(talk=talks, who=SOMEBODY)
    def answer(self, talk: Talk, who: int) -> None:
        one = self._somebody(talk, who)
        text = self.is_now.word()
        if self._act(talk, one, Act("answer", text=text)):
            talk.texts[text] += 1

    @rule(talk=talks, who=SOMEBODY, to=st.sampled_from((*PEOPLE, "up")))
    def hand_over(self, talk: Talk, who: int, to: str) -> None:
        one = self._somebody(talk, who)
        self._act(talk, one, Act("hand_over", text="Besoin d’appui.", to=to if to == "up" else str(self._account(to))))

    @rule(talk=talks, who=SOMEBODY)
    def step_aside(self, talk: Talk, who: int) -> None:
        one = self._somebody(talk, who)
        if one != LAST and self._act(talk, one, Act("step_aside")):
            talk.out.add(one)

    @rule(talk=talks, who=SOMEBODY, whom=st.sampled_from((*PEOPLE[:-1], OFFICE)))
    def mark(self, talk: Talk, who: int, whom: str) -> None:
        one = self._somebody(talk, who)
        if self._act(talk, one, Act("concerned", more={"adult": str(self._account(whom))})):
            talk.out.add(whom)

    @rule(talk=talks, who=SOMEBODY)
    def to_the_lane(self, talk: Talk, who: int) -> None:
        one = self._somebody(talk, who)
        self._act(talk, one, Act("to_lane", text="Santé."))

    @rule(target=talks, talk=talks, who=SOMEBODY)
    def from_the_lane(self, talk: Talk, who: int) -> Any:
        one = self._somebody(talk, who)
        text = self.is_now.word()
        with self._new_ids() as new:
            done = self._act(talk, one, Act("shared", text=text))
        if not done:
            return multiple()
        [made] = new
        self.all.append(Talk(made, set(talk.out), Counter([text])))
        return self.all[-1]

    @rule(talk=talks, who=SOMEBODY)
    def close(self, talk: Talk, who: int) -> None:
        one = self._somebody(talk, who)
        more = {"outcome": "talked", "reference": "", "parents": ""}
        self._act(talk, one, Act("close", text="Fait.", more=more))

    @rule(talk=talks, who=SOMEBODY)
    def erase(self, talk: Talk, who: int) -> None:
        one = self._somebody(talk, who)
        try:
            with self.town.house.database.writing() as db:
                ending.erase(db, self.town.house.keys, self._person(db, one), talk.id, self.is_now.now, sure=True)
        except REFUSED:
            return
        assert not self._is_out(talk, one)
        talk.gone, talk.texts = True, Counter()

    def _act(self, talk: Talk, who: str, act: Act) -> bool:
        """Whether it was done. Each form knows how far the conversation is, as its page would have said."""
        try:
            with self.town.house.database.writing() as db:
                person = self._person(db, who)
                page = opened.open_conversation(db, self.town.house.keys, person, talk.id, self.is_now.now)
                form = Act(act.name, act.text, act.to, page.last_step, uuid4().bytes, act.more)
                acting.perform(db, self.town.house.keys, person, talk.id, form, self.is_now.now)
        except REFUSED:
            return False
        assert not self._is_out(talk, who), f"{who} could {act.name}"
        return True

    # --- Members and time ---------------------------------------------------------------------------------------------

    @rule(who=st.sampled_from((*GROUP, "nurse")))
    def leaves(self, who: str) -> None:
        with self.town.house.database.writing() as db:
            for role in (Role.LISTENER, Role.SECRECY_LISTENER):
                identity.revoke(db, self.school, self._account(who), role)
        self.is_now.settled = False

    @rule(talk=talks, days=st.integers(0, 9))
    def all_who_read_it_leave_and_time_passes(self, talk: Talk, days: int) -> None:
        for who in self._readers(talk):
            if who != LAST:
                self.leaves(who)
        self.time_passes(days)

    @rule(who=st.sampled_from((*GROUP, *MAY_JOIN, "head")))
    def joins(self, who: str) -> None:
        with self.town.house.database.writing() as db:
            account = self.town.membership(who, COLLEGE).account_id
            identity.grant(db, self.school, account, Role.LISTENER, date(2026, 9, 1))

    @rule(who=st.sampled_from(("petit", "roux", "clerk")))
    def becomes_head(self, who: str) -> None:
        with self.town.house.database.writing() as db:
            account = self.town.membership(who, COLLEGE).account_id
            identity.grant(db, self.school, account, Role.HEAD, date(2026, 9, 1))
        self.is_now.heads.add(who)
        self.is_now.settled = False

    @rule(who=st.sampled_from(GROUP), days=st.integers(1, 5))
    def is_away(self, who: str, days: int) -> None:
        until = self.is_now.now.date() + timedelta(days=days)
        with self.town.house.database.writing() as db:
            me = self._person(db, who).where(Role.LISTENER)
            if me:
                listening.go_away(db, self.town.house.keys, me[0], until, self.is_now.now.date())

    @rule(days=st.integers(0, 9))
    def time_passes(self, days: int) -> None:
        self.is_now.now += timedelta(days=days)
        for _twice in range(2):
            jobs.escalate(self.town.house, self.is_now.now)
        self.is_now.settled = True

    # --- What must be true --------------------------------------------------------------------------------------------

    @invariant()
    def nobody_kept_out_reads_and_nothing_is_lost(self) -> None:
        with self.town.house.database.writing() as db:
            people = {name: self._person(db, name) for name in PEOPLE}
        with self.town.house.database.reading() as db:
            seen = {name: self._desk(db, person) for name, person in people.items()}
            rows = {row.id: row for row in db.scalars(select(Conversation), execution_options={"across": True})}
            assert set(rows) == {talk.id for talk in self.all if not talk.gone}
            for talk in self.all:
                reads = {name for name in PEOPLE if talk.id in seen[name]}
                kept_from = {name for name in reads if self._is_out(talk, name)}
                assert not kept_from, f"shown to {kept_from}"
                if talk.gone:
                    assert not reads
                    continue
                assert reads or not self.is_now.settled or rows[talk.id].state == State.CLOSED, "left without a reader"
                for name in sorted(reads)[:1]:
                    assert seen[name][talk.id] == talk.texts, "lost, doubled or unreadable"

    def _desk(self, db: Any, person: Person) -> dict[UUID, Counter[str]]:
        """What somebody can open: by their lists, and by addresses that they were told."""
        keys, now = self.town.house.keys, self.is_now.now
        listed = {
            line.id
            for lane in Lane
            for closed in (False, True)
            for line in desk.inbox(db, keys, person, now, closed=closed, lane=lane).lines
        }
        found = {}
        for one in {talk.id for talk in self.all} | listed:
            try:
                page = opened.shown(db, keys, person, desk.held(db, keys, person, one), now)
            except NothingToOpenError:
                assert one not in listed, "listed, and not to be opened"
                continue
            assert one in listed, "opened, and not listed"
            found[one] = Counter(message.text or "" for message in page.messages)
        return found

    def pages_show_the_same(self) -> None:
        """At the end, through the pages: no text of a conversation is anywhere at the desk of whom it is kept from."""
        for name in (*GROUP, *(one for one in MAY_JOIN if one == "clerk")):
            browser = self.town.browser()
            browser.arrive(self._arrival(name))
            pages = [browser.get(f"/staff/desk{more}") for more in ("", "?show=closed", "/agenda", "/meeting")]
            for talk in self.all:
                if not self._is_out(talk, name):
                    continue
                assert all(str(talk.id) not in page.text for page in pages)
                assert browser.get(f"/staff/desk/{talk.id}").status_code in {403, 404}

    def _readers(self, talk: Talk) -> list[str]:
        """Those to whom the desk opens it."""
        with self.town.house.database.writing() as db:
            people = {name: self._person(db, name) for name in PEOPLE}
            return [name for name, person in people.items() if self._opens(db, person, talk)]

    def _opens(self, db: Any, person: Person, talk: Talk) -> bool:
        try:
            desk.held(db, self.town.house.keys, person, talk.id)
        except NothingToOpenError:
            return False
        return True

    def _somebody(self, talk: Talk, number: int) -> str:
        found = self._readers(talk) if number < 2 * len(PEOPLE) else []
        return (found or PEOPLE)[number % len(found or PEOPLE)]

    def _row(self, talk: Talk) -> Conversation:
        with self.town.house.database.reading() as db:
            return db.get_one(Conversation, (self.school, talk.id))

    def _is_out(self, talk: Talk, name: str) -> bool:
        return name in talk.out or (OFFICE in talk.out and name in self.is_now.heads)

    def _account(self, name: str) -> UUID:
        if name == OFFICE:
            return self.school
        return self.town.membership(name, DEPARTEMENT if name == "referent" else COLLEGE).account_id

    def _person(self, db: Any, name: str) -> Person:
        return identity.welcome(db, self.town.house.keys, self._arrival(name))

    def _arrival(self, name: str) -> Arrival:
        """How the portal says them: who is head, it says."""
        return replace(self.town.arrival(name), head=name in self.is_now.heads)

    @contextmanager
    def _new_ids(self) -> Iterator[list[UUID]]:
        """The conversations that were not there before."""
        found: list[UUID] = []
        before = self._ids()
        yield found
        found += [one for one in self._ids() if one not in before]

    def _ids(self) -> Sequence[UUID]:
        with self.town.house.database.reading() as db:
            return db.scalars(select(Conversation.id), execution_options={"across": True}).all()
