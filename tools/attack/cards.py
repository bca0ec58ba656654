"""Those of a class who answer by paper cards: the cards are drawn from a bag, and the server seals what is sent."""

import random  # noqa: TID251  # the class is invented; what is secret comes from the module
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ent_module.surveys import campaign_keys
from ent_module.surveys.card_rules import For
from ent_module.surveys.model import Answers
from ent_module.surveys.protocol import SentBallot
from ent_module.surveys.service import cards, pool
from tools.attack.sheets import spelt
from tools.attack.spoils import Spoils
from tools.attack.stage import CLASS, Stage

if TYPE_CHECKING:
    from tools.attack.world import Plan, Wave

COPIES = 11
"""How often the accomplices send a copy of one ballot; as many of them send answers of their own."""


@dataclass(frozen=True)
class Holder:
    """Somebody with a card."""

    code: str
    answers: Answers


def draw(
    stage: Stage, plan: "Plan", chance: random.Random, by_card: Spoils, school: UUID, answers: list[Answers]
) -> list[Holder]:
    """A sheet of cards is printed, cut, and drawn from a bag."""
    with stage.house.database.writing() as db:
        place = school, by_card.campaign, CLASS
        codes = cards.add(db, stage.house.keys, *place, plan.cards, For.SOME)
        spare = cards.add(db, stage.house.keys, *place, COPIES if plan.card_copies else 0, For.SOME)
    by_card.digests = [_digest(stage, by_card.campaign, code) for code in codes]
    by_card.ours = {_digest(stage, by_card.campaign, code) for code in spare}
    drawn = codes if plan.dealt else chance.sample(codes, len(codes))
    return [Holder(code, one) for code, one in zip(drawn, answers, strict=True)]


def _digest(stage: Stage, campaign: UUID, code: str) -> bytes:
    """What names the ballot of a card: the attacker is told, though the key store alone tells it."""
    return campaign_keys.card(stage.house.store, campaign, code.replace(" ", ""))


def act(made: "Wave", number: int, what: str) -> None:
    """What one of them does: opens the questions, or sends."""
    holder = made.holders[number]
    if number >= made.plan.cards - made.plan.crowd:
        if what == "send":
            _put(made, holder)
        return
    if what == "open":
        made.by_card.issued.append(number)
        if made.plan.pages:
            _post_card(made, "", {"code": holder.code})
        return
    _post_card(made, "/answers", {"code": holder.code, **holder.answers})
    made.first_by_card = made.first_by_card or spelt(holder.answers)
    if made.plan.card_copies and made.by_card.ours:
        sealed = made.thief.sealed_of(_digest(made.stage, made.campaign, holder.code))
        with made.stage.house.database.writing() as db:
            for digest in made.by_card.ours:
                ballot = SentBallot(made.keys.cohort, digest, b"", sealed)
                pool.put(db, made.school, made.campaign, ballot, datetime.now(UTC))
        made.by_card.ours = set()


def _put(made: "Wave", holder: Holder) -> None:
    house = made.stage.house
    with house.database.writing() as db:
        card = cards.drawn(db, house.keys, house.store, holder.code)
        if card is None:
            raise RuntimeError("the card is not there")
        cards.send(db, card, spelt(holder.answers).encode(), datetime.now(UTC))


def _post_card(made: "Wave", path: str, typed: dict[str, Any]) -> None:
    answer = made.stage.browser().send(f"/ent-ballots/card{path}", typed)
    if answer.status != 200:
        raise RuntimeError(f"the card's page answers {answer.status}")
