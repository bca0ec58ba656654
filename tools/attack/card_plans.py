"""How classes answer by cards alone, in each application in which strategies about cards prove themselves.

In the module itself five of a class have cards: a matching of five hits once in the mean, as one of 28 does, and five
are too few to prove much: z could be 4 √R after R classes, above 20 after 26. A whole class by cards, as one without
devices answers, gives 27 √R: two classes are enough.
"""

from tools.attack.stage import PUPILS
from tools.attack.world import CARDS, Plan

COPIES, MANY = 4, 112
"""For copied ciphertexts one trial a class: with so many cards few classes are enough."""
SWAPS = 8
"""Classes of as many cards in which the player of the swap game proves himself: z is at most the root of the games."""
CLASSES = {"card-rows": 6, "card-clear": SWAPS, "card-unpadded": 2, "card-noted": 2, "card-ledger": 2,
           "card-digests": 2, "card-unbound": COPIES}  # fmt: skip
"""How many classes answer in each application that has a mistake."""
_COUNTED, _KILLED = {"card-rows", "card-unbound"}, {"card-ledger", "card-digests"}


def plan(variant: str) -> Plan:
    """How each class answers in that one."""
    unbound = variant == "card-unbound"
    return Plan(
        variant=variant,
        pages=variant == "card-noted",
        counted=variant in _COUNTED | _KILLED,
        killed=variant in _KILLED,
        pupils=0,
        cards=MANY if unbound or variant == "card-clear" else PUPILS,
        crowd=MANY - CARDS if unbound else 0,
        dealt=variant == "card-clear",
        one_by_one=variant != "card-noted",
        card_copies=unbound,
    )
