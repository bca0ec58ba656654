"""What the attacker makes of his spoils about those who answer by cards.

He knows who has opened the questions in which order, and the sheet that was printed. Ballots he looks
for as he does for those by tokens (`strategies`).
"""

from functools import partial

from tools.attack.sheets import Sheet, in_clear
from tools.attack.spoils import Spoils
from tools.attack.strategies import (
    POOL,
    Guess,
    Strategy,
    aborted,
    by,
    core,
    digest_order,
    free_pages,
    lengths,
    page_offsets,
    row_order,
    times,
    wal_order,
    writers,
)


def sheet_order(spoils: Spoils) -> Guess:
    """Cards were dealt in the order in which they were printed, to pupils in the order of the class's list."""
    said = {bytes(row.values["prepared"]): next(in_clear([row.bytes]), None) for row in spoils.rows("end", POOL)}
    return [said.get(spoils.digests[number]) for number in spoils.issued]


def page_and_ballot(spoils: Spoils) -> Guess:
    """When a card's page was opened, and when its ballot came, where both lines name the card."""
    opened: dict[bytes, None] = {}
    sent: dict[bytes, Sheet] = {}
    for said in spoils.read(times):
        for digest in spoils.digests:
            if digest in said or digest.hex().encode() in said:
                answers = next(in_clear([said]), None)
                if answers is None:
                    opened.setdefault(digest)
                else:
                    sent.setdefault(digest, answers)
    return [sent.get(digest) for digest in opened]


_about = partial(Strategy, cards=True)
STRATEGIES = (
    _about("card-row-order", by(row_order), "card-rows", row_order),
    _about("card-page-offsets", by(page_offsets), "card-clear", page_offsets),
    _about("card-free-pages", by(free_pages), "card-rows"),
    _about("card-wal-order", by(wal_order), "card-clear", wal_order),
    _about("card-xmin-ctid", by(writers), "card-clear", writers, ("postgresql",)),
    _about("card-sheet-order", sheet_order, "card-clear", row_order),
    _about("card-times", by(times), "card-rows"),
    _about("card-lengths", lengths, "card-unpadded", wal_order),
    _about("card-page-and-ballot", page_and_ballot, "card-noted"),
    _about("card-aborted-closing", by(aborted), "card-ledger", aborted),
    _about("card-core-dump", by(core), "card-ledger"),
    _about("card-digest-order", digest_order, "card-digests", wal_order),
)
"""All of them."""
