"""What may be shown of tables of answers, so that no one's answer can be worked out from them. Pure rules.

    rules      the numbers that the rest goes by; shares
    rows       one row of answers whose total is known
    intervals  how much can be worked out of each hidden cell of a table, exactly
    two_way    groups × answers, with the sums of both
    questions  what is told of a question: sides, answers, several answers; of all and of groups

The rules are public: who knows them, and everything that is shown, still cannot tell a hidden number. Only `rules` is
imported here: the others need numpy, which is slow to load and which no pupil's page needs.

Sources: INSEE's manual on the protection of tables (primary and secondary suppression, linked tables); Gusfield, D.
(1988), A graph theoretic approach to statistical data security, SIAM Journal on Computing 17(3), 552–571; Kenthapadi,
K., Mishra, N. and Nissim, K. (2005), Simulatable auditing, PODS '05 (decide by what the reader knows anyway).

What does not belong here: what was asked, and whom (`surveys.release`: one school or its levels, never one class).
"""

from ent_module.privacy.disclosure.rules import (
    FEW,
    FLOOR,
    SMALL,
    Cells,
    percent,
)

__all__ = ["FEW", "FLOOR", "SMALL", "Cells", "percent"]
