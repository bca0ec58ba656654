"""What a new release may show beside earlier ones: groups that share people with groups that were told before.

A level within a school; a school within a territory; the pupils of a class that joined later and are in the second
release but not in the first. All groups are unions of parts, the smallest sets of people that none of them divides.
Whoever reads two releases can subtract; so what is decided is the union of all that was and will be told.
"""

from collections.abc import Collection, Mapping, Sequence

from ent_module.privacy.disclosure.linked import Before, Sum, hidden_among

Place = int | None
"""Of an answer; None: all who answered."""


def hidden_beside(
    parts: Mapping[str, Sequence[int]],
    groups: Mapping[str, Collection[str]],
    earlier: Mapping[str, Collection[Place]],
) -> dict[str, frozenset[Place]]:
    """What to hide of the groups of a new release, all of one question.

    In: how many of each part chose each answer; which parts make up each group; of the groups that were told before,
    what was shown. Out: of each other group, what to hide.
    """
    places: list[Place] = [None, *range(len(next(iter(parts.values()), ())))]
    counts: dict[str, int] = {}
    sums: list[Sum] = []
    for kind, names in (("group", {name: groups[name] for name in groups}), ("part", {name: [name] for name in parts})):
        for name, made_of in names.items():
            for place in places:
                counts[_cell(kind, name, place)] = sum(_count(parts[part], place) for part in made_of)
            sums.append(
                Sum(_cell(kind, name, None), tuple(_cell(kind, name, place) for place in places[1:]), base=True)
            )
    sums += [
        Sum(_cell("group", name, place), tuple(_cell("part", part, place) for part in made_of))
        for name, made_of in groups.items()
        for place in places
    ]
    told = {_cell("group", name, place): place in shown for name, shown in earlier.items() for place in places}
    before = Before(
        frozenset(cell for cell, shown in told.items() if shown),
        frozenset(cell for cell, shown in told.items() if not shown),
    )
    hidden = hidden_among(counts, sums, before, [_cell("part", name, place) for name in parts for place in places])
    return {
        name: frozenset(place for place in places if _cell("group", name, place) in hidden)
        for name in groups
        if name not in earlier
    }


def _count(answers: Sequence[int], place: Place) -> int:
    return sum(answers) if place is None else answers[place]


def _cell(kind: str, name: str, place: Place) -> str:
    return f"{kind} {name} {'all' if place is None else place}"
