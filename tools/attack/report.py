"""Runs the attack on one database, and says what came of it, line by line."""

import resource
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from ent_module.privacy import blind
from tools.attack import canaries, card_plans, card_strategies, variants
from tools.attack.closer import Closer
from tools.attack.score import PROOF, Score, one_of
from tools.attack.sheets import Sheet
from tools.attack.spoils import Spoils
from tools.attack.stage import stage
from tools.attack.strategies import Guess, Strategy, copied, leaning, matching, strategies
from tools.attack.swap import Player, traces
from tools.attack.world import CARDS, Plan, Wave, wave

TOGETHER = 4
"""Classes that answer one after the other on one installation."""
SWAPS = 32
"""Classes in which the player of the swap game proves himself: z is at most the root of the games."""
COPIES = 16
"""The same for copied ciphertexts, with one trial a class."""
CLASSES = {"rows": 6, "clear": SWAPS, "unpadded": 6, "unblinded": 2, "unbound": COPIES, "tallies": 2, "ledger": 4,
           "digests": 4, "talkative": 1, **card_plans.CLASSES}  # fmt: skip
"""How many classes answer in each application that has a mistake."""
_GAMES = {"swap-game": ("clear", False), "card-swap-game": ("card-clear", True)}
"""Where its player proves himself, and whether it is about cards."""


@dataclass
class Findings:
    """Scores by strategy, on one application."""

    scores: dict[str, Score] = field(default_factory=dict)
    blind: set[str] = field(default_factory=set)
    """Strategies that did not find the ballots where they look for them."""
    canaries: list[str] = field(default_factory=list)
    may_dump: bool = False
    """A process that counted might have left a core file."""


@dataclass
class Attack:
    """All of it, on one database."""

    database: str
    folder: Path
    classes: int
    say: Callable[[str], None] = print
    key: RSAPrivateKey = field(default_factory=blind.generate)
    """One key signs the tokens of all classes: making one takes up to a second."""

    def __post_init__(self) -> None:
        n = self.key.public_key().public_numbers().n
        every = (*strategies(n), *card_strategies.STRATEGIES)
        self.strategies = [one for one in every if self.database in one.databases]
        self._numbers = count(1)
        self._closer = Closer.start()

    def close(self) -> None:
        """Ends what it has started."""
        self._closer.close()

    def run(self) -> list[str]:
        """Says a line for each strategy, first on the applications that have its mistake, and returns what is wrong."""
        wrong = [fault for variant in CLASSES for fault in self.control(variant)]
        return wrong + self.product()

    def product(self) -> list[str]:
        """The module itself."""
        found = self._attack(variants.PRODUCT, self.classes, self.strategies)
        wrong = [f"{name} on {self.database} is blind" for name in sorted(found.blind)]
        wrong += ["the process that counts may leave a core file"] * found.may_dump
        for name, score in found.scores.items():
            self.say(f"attack: {name} {self.database} z={score.z:.2f}")
            wrong += [f"{name} on {self.database} finds whose answers are whose"] * score.alarms
        self.say(f"attack: canaries {self.database} hits={len(found.canaries)}")
        return wrong + [f"canary on {self.database}, {hit}" for hit in found.canaries]

    def control(self, variant: str) -> list[str]:
        """One application with a mistake."""
        mine = [one for one in self.strategies if one.variant == variant]
        found = self._attack(variant, CLASSES[variant], mine)
        wrong = []
        for name, score in found.scores.items():
            self.say(f"attack: control {name} {self.database} z={score.z:.2f}")
            wrong += [f"{name} on {self.database} does not see the mistake it lives on"] * (score.z <= PROOF)
        if variant == "ledger" and resource.getrlimit(resource.RLIMIT_CORE)[1] and not found.may_dump:
            wrong.append("whether a core file may be left is not seen")
        if variant == "talkative":
            self.say(f"attack: control canaries {self.database} hits={len(found.canaries)}")
            wrong += [f"the {one} on {self.database} is not seen" for one in ("p", "card 0") if not _named(found, one)]
        return wrong

    def _attack(self, variant: str, classes: int, mine: Sequence[Strategy]) -> Findings:
        findings = Findings()
        players = {name: Player() for name, (clear, _cards) in _GAMES.items() if variant in {variants.PRODUCT, clear}}
        for number, one in enumerate(self._waves(variant, classes)):
            guesses = {strategy.name: strategy.guess(_spoils(one, strategy)) for strategy in mine}
            for strategy in mine:
                truth, spoils = _side(one, cards=strategy.cards)
                whole = matching(spoils, guesses[strategy.name], leaning(spoils, strategy))
                findings.scores.setdefault(strategy.name, Score()).add(_hits(truth, whole))
            for name, happened, spoils, first in (
                ("copied-ciphertexts", one.plan.copies, one.spoils, one.first),
                ("card-copied-ciphertexts", one.plan.card_copies, one.by_card, one.first_by_card),
            ):
                if happened:
                    score = findings.scores.setdefault(name, one_of(len(spoils.given)))
                    score.add(int(copied(spoils) == first))
            for name, player in players.items():
                cards = _GAMES[name][1]
                truth, spoils = _side(one, cards=cards)
                theirs = {strategy.name: guesses[strategy.name] for strategy in mine if strategy.cards is cards}
                player.play(truth, theirs, traces(spoils))
                findings.scores[name] = player.score
            findings.may_dump |= one.spoils.may_dump
            if variant == variants.PRODUCT:
                findings.blind |= {strategy.name for strategy in mine if not _sees(strategy, _spoils(one, strategy))}
            if variant == "talkative" or (variant == variants.PRODUCT and number % TOGETHER == 0):
                findings.canaries += canaries.found(one.spoils, one.secrets)
        return findings

    def _waves(self, variant: str, classes: int) -> Iterator[Wave]:
        with self._one_key(), variants.serving(variant):
            for start in range(0, classes, TOGETHER):
                with stage(self.database, self.folder) as here:
                    variants.prepare(here.house.database)
                    for place in range(start, min(classes, start + TOGETHER)):
                        yield wave(here, _plan(variant, place), next(self._numbers), self._closer)

    @contextmanager
    def _one_key(self) -> Iterator[None]:
        with patch.object(blind, "generate", lambda: self.key):
            yield


def _plan(variant: str, place: int) -> Plan:
    """In the module itself everything happens in each class, but that copies are sent in one of four."""
    product = variant == variants.PRODUCT
    if variant in card_plans.CLASSES:
        return card_plans.plan(variant)
    return Plan(
        variant=variant,
        copies=variant == "unbound" or (product and place % 4 == 0),
        pages=product or variant == "unblinded",
        watched=product or variant == "tallies",
        in_mid_wave=product,
        counted=variant in {variants.PRODUCT, "rows", "unbound", "ledger", "digests"},
        killed=variant in {variants.PRODUCT, "ledger", "digests"},
        cards=CARDS if product else int(variant == "talkative"),
        one_by_one=place % 2 == 0,
        card_copies=product and place % 4 == 0,
    )


def _hits(truth: Sequence[Sheet], guess: Guess | Sequence[Sheet]) -> int:
    return sum(one == other for one, other in zip(truth, guess, strict=True))


def _sees(strategy: Strategy, spoils: Spoils) -> bool:
    """Whether it finds all ballots of the class in the bytes in which it looks for answers."""
    return strategy.reads is None or len(spoils.came(strategy.reads)) == len(spoils.given)


def _side(one: Wave, *, cards: bool) -> tuple[list[Sheet], Spoils]:
    """What is true, and what is known, of those who answer by cards or by tokens."""
    return (one.cards_truth, one.by_card) if cards else (one.truth, one.spoils)


def _spoils(one: Wave, strategy: Strategy) -> Spoils:
    return _side(one, cards=strategy.cards)[1]


def _named(found: Findings, secret: str) -> bool:
    return any(hit.endswith(f": {secret}") for hit in found.canaries)
