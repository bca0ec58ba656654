"""A class answers, through HTTP, while somebody watches; then the survey is closed.

Half of the classes open together and answer together (a lesson with a barrier, in which the teacher lets them begin),
the others open within an hour at home and send up to an hour later. With the mistake of a token taken at « send »,
whoever sends has just asked: such an application has no barrier.
"""

import json
import random  # noqa: TID251  # the class is invented; what is secret comes from the module
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from ent_module.establishments.tables import Establishment
from ent_module.surveys.model import DAYS_OPEN, Answers, Joining, Where
from ent_module.surveys.service import opening
from tools.attack import canaries, variants
from tools.attack.browsers import Browser
from tools.attack.cards import COPIES, Holder, act, draw
from tools.attack.closer import Closer
from tools.attack.sheets import Sheet, questionnaire, sheets, spelt
from tools.attack.spoils import Spoils, Thief
from tools.attack.stage import CLASS, OTHERS, PUPILS, Someone, Stage
from tools.attack.voter import Habits, Keys, Voter

CARDS = 5
"""Of the class, so many answer by cards besides: one for five pupils."""
STATEMENTS = 12
"""The counting is killed before one of the first statements of its writing, another one in each class."""
_SEAT = re.compile(r'data-seat="([^"]+)"')


@dataclass(frozen=True)
class Plan:
    """How a class is to answer."""

    variant: str = variants.PRODUCT
    copies: bool = False
    """Accomplices copy a ballot."""
    pages: bool = True
    """Pupils open the page of the questions; elsewhere they only do what the page's script does."""
    watched: bool = False
    """The head's page is read again after each ballot."""
    in_mid_wave: bool = False
    """A backup is made in mid-wave too."""
    counted: bool = True
    """The survey is closed, once killed and once to its end."""
    killed: bool = True
    """A first closing is looked into, and killed."""
    pupils: int = PUPILS
    """Of these who answer by tokens."""
    cards: int = 0
    """Beside them, whoever answers by a card."""
    dealt: bool = False
    """Cards are dealt in the order of the sheet, not drawn from a bag."""
    one_by_one: bool = False
    """They come to one computer, one after the other."""
    crowd: int = 0
    """Of these, so many whose ballots are put there without a request: only what the sums are made of."""
    card_copies: bool = False
    """Whoever may write into the database copies a card's ballot."""

    @property
    def habits(self) -> Habits:
        """What browsers do."""
        return variants.HABITS[self.variant]

    def place(self, number: int) -> Where:
        """Where that class answers."""
        if number % 2:
            return Where.HOME
        return Where.CLASS if self.habits.at_opening else Where.SHARED


@dataclass
class Pupil:
    """One browser."""

    who: Someone
    browser: Browser
    answers: Answers
    voter: Voter | None = None
    seat: str = ""


@dataclass
class Wave:
    """What happened, and what the attacker took. The truth is not his: it only judges his guess."""

    stage: Stage
    plan: Plan
    campaign: UUID
    keys: Keys
    school: UUID
    pupils: list[Pupil]
    spoils: Spoils
    thief: Thief
    by_card: Spoils
    """The same spoils, as they are about those who answer by cards."""
    holders: list[Holder]
    first: Sheet = ""
    """What stands in the ballot that came first by a token, and by a card."""
    first_by_card: Sheet = ""
    secrets: dict[str, bytes] = field(default_factory=dict)
    """Keys of the survey, to be looked for."""

    @property
    def truth(self) -> list[Sheet]:
        """The answers of the pupils, in the order of the issuance list."""
        return [spelt(self.pupils[number].answers) for number in self.spoils.issued]

    @property
    def cards_truth(self) -> list[Sheet]:
        """The answers of those who have cards, in the order in which they were seen to open them."""
        return [spelt(self.holders[number].answers) for number in self.by_card.issued]


def wave(stage: Stage, plan: Plan, number: int, closer: Closer) -> Wave:
    """One class answers one questionnaire; `number` seeds everything that is drawn but keys."""
    chance = random.Random(number)  # noqa: S311  # as above
    school, campaign, document = open_survey(stage, number, plan.place(number))
    answers = sheets(chance, plan.pupils + plan.cards)
    mine, others = answers[: plan.pupils], answers[plan.pupils :]
    spoils = Spoils(stage.database, campaign, sorted(map(spelt, mine)), known=[spelt(one) for one in others])
    pupils = [Pupil(who, stage.browser(who), one) for who, one in zip(stage.cast.pupils, mine, strict=False)]
    by_card = Spoils(stage.database, campaign, sorted(map(spelt, others)), known=[spelt(one) for one in mine])
    by_card.loot = spoils.loot
    holders = draw(stage, plan, chance, by_card, school, others)
    made = Wave(
        stage, plan, campaign, Keys.read(document), school, pupils, spoils, Thief(stage, spoils), by_card, holders
    )
    _answer(made, chance, barrier=not number % 2)
    made.thief.take("end")
    made.secrets = canaries.secrets_of(stage.house, campaign)
    for place, holder in enumerate(made.holders):
        made.secrets[f"card {place}"] = holder.code.encode()
        made.secrets[f"card {place}, as in its address"] = holder.code.replace(" ", "").encode()
    if plan.counted:
        _close(made, closer, number)
    return made


def open_survey(stage: Stage, number: int, where: Where) -> tuple[UUID, UUID, bytes]:
    """Opens that questionnaire for two classes. Returns the school, the campaign and its published keys."""
    with stage.house.database.writing() as db:
        school = db.scalars(select(Establishment.id)).one()
        # so long ago that its announced end has come
        day = datetime.now(UTC).date() - timedelta(days=DAYS_OPEN)
        store, asked = stage.house.store, questionnaire(number)
        ours, _others = (
            opening.open_class(db, store, school, asked, Joining(code, None, where), school, day)
            for code in (CLASS, OTHERS)
        )
        return school, ours.id, ours.keys


def _answer(made: Wave, chance: random.Random, *, barrier: bool) -> None:
    """All that pupils do, in the order in which they do it."""
    sent = 0
    for _when, number, what in _steps(made.plan, chance, barrier=barrier):
        if what == "begin":
            _begin(made)
            continue
        if number >= made.plan.pupils:
            act(made, number - made.plan.pupils, what)
            continue
        pupil = _come(made, number, what)
        if what == "send":
            _send(made, pupil.voter, pupil.answers)
            sent += 1
            if sent == 1:
                made.first = spelt(pupil.answers)
                if made.plan.copies:
                    _copy(made, chance)
            if sent == PUPILS // 2 and made.plan.in_mid_wave:
                made.thief.take("mid")
            if made.plan.watched:
                made.spoils.pages.append(_watch(made))


def _come(made: Wave, number: int, what: str) -> Pupil:
    """A pupil opens the page or is about to send, and takes a token at one of the two."""
    pupil = made.pupils[number]
    if what == "open" and made.plan.pages:
        _read_page(made, pupil)
    if what == ("open" if made.plan.habits.at_opening else "send"):
        made.spoils.issued.append(number)
        made.spoils.seats.append(pupil.seat)
        _take_token(made, pupil)
    return pupil


def _steps(plan: Plan, chance: random.Random, *, barrier: bool) -> list[tuple[float, int, str]]:
    """Minutes, pupil, and what it does; those with cards come last in the count."""
    opened = {number: chance.uniform(0, 60) for number in range(plan.pupils + plan.cards)}
    sent = {number: (60 if barrier else at) + chance.uniform(0, 60) for number, at in opened.items()}
    if plan.one_by_one:
        sent |= {number: at for number, at in opened.items() if number >= plan.pupils}
    begins = {0: 60.0} if barrier and plan.habits.at_opening else {}
    each = (("open", opened), ("begin", begins), ("send", sent))
    return sorted((at, number, what) for what, all_of in each for number, at in all_of.items())


def _begin(made: Wave) -> None:
    """Nobody may begin; the teacher says that all have opened; then everybody asks once, and may."""
    teacher, before = made.stage.cast.teacher, _has_begun(made)
    answer = made.stage.browser(teacher).send(
        f"/ent/staff/surveys/{made.campaign}/begin", {"csrf_token": teacher.csrf, "class_code": CLASS}
    )
    if answer.status != 303:
        raise RuntimeError(f"the teacher's button answers {answer.status}")
    if before or not all(_has_begun(made) for _pupil in made.pupils):
        raise RuntimeError("the class does not begin when its teacher says so")


def _has_begun(made: Wave) -> bool:
    """What a browser without a cookie is told: of the two classes one begins."""
    answer = made.stage.browser().get(f"/ent-ballots/begun/{made.school}/{made.campaign}")
    told = json.loads(answer.data)["classes"]
    return sorted(told.values()) == [0, 1]


def _read_page(made: Wave, pupil: Pupil) -> None:
    answer = pupil.browser.get(f"/ent/surveys/{made.campaign}/questions")
    seat = _SEAT.search(answer.text)
    if answer.status != 200 or seat is None:
        raise RuntimeError(f"the questions answer {answer.status}")
    pupil.seat = seat[1]


def _take_token(made: Wave, pupil: Pupil) -> None:
    pupil.voter = Voter(made.keys, made.plan.habits)
    answer = pupil.browser.post(
        f"/ent/surveys/{made.campaign}/token",
        pupil.voter.blinded,
        {"X-CSRF-Token": pupil.who.csrf},
    )
    if answer.status != 200:
        raise RuntimeError(f"the token answers {answer.status}")
    pupil.voter.finish(answer.data)


def _send(made: Wave, voter: Voter | None, answers: Answers, sealed: bytes | None = None) -> None:
    if voter is None:
        raise RuntimeError("nobody sends without a token")
    body = voter.body(answers) if sealed is None else voter.with_sealed(sealed)
    address = f"/ent-ballots/pool/{made.school}/{made.campaign}"
    answer = made.stage.browser().post(address, body)
    if answer.status != 204:
        raise RuntimeError(f"the pool answers {answer.status}")


def _copy(made: Wave, chance: random.Random) -> None:
    """The accomplices send the one ballot that lies in the pool again and again, and answers of their own besides."""
    sealed = made.thief.first_sealed()
    for number, who in enumerate(made.stage.cast.accomplices):
        pupil = Pupil(who, made.stage.browser(who), sheets(chance, 1)[0])
        _take_token(made, pupil)
        if pupil.voter is not None:
            made.spoils.ours.add(pupil.voter.prepared[:32])
        for spoils in (made.spoils, made.by_card):
            spoils.known.append(spelt(pupil.answers))
        _send(made, pupil.voter, pupil.answers, sealed if number < COPIES else None)


def _watch(made: Wave) -> str:
    head = made.stage.browser(made.stage.cast.head)
    answer = head.get(f"/ent/staff/surveys/campaigns/{made.campaign}")
    if answer.status != 200:
        raise RuntimeError(f"the head's page answers {answer.status}")
    return answer.text


def _close(made: Wave, closer: Closer, number: int) -> None:
    """The head ends it; the counting is killed, then repeated and comes to its end."""
    head = made.stage.browser(made.stage.cast.head)
    address = f"/ent/staff/surveys/campaigns/{made.campaign}/closing"
    answer = head.send(address, {"csrf_token": made.stage.cast.head.csrf})
    if answer.status != 303:
        raise RuntimeError(f"the closing answers {answer.status}")
    if made.plan.killed:
        _kill(made, closer, number)
    closer.begin(made.plan.variant, made.stage.url, made.stage.folder)
    if closer.wait() != 0:
        raise RuntimeError((made.stage.folder / "closer.log").read_text())
    made.thief.take("closed")


def _kill(made: Wave, closer: Closer, number: int) -> None:
    stop = 1 + number * 7 % (made.plan.pupils + made.plan.cards)
    stopped = closer.begin(made.plan.variant, made.stage.url, made.stage.folder, stop, 1 + number % STATEMENTS)
    made.thief.look_into(stopped)
    made.by_card.core = made.spoils.core
    if closer.wait() != -9:
        raise RuntimeError("the counting was not killed")
    made.thief.take("aborted")
