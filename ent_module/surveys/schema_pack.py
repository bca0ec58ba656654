"""What a pack must have beside what every questionnaire has: its licence word for word, and scores.

In: YAML as nodes. Out: every mistake with the node where it stands.
"""

from collections.abc import Generator, Mapping

import yaml

from ent_module.surveys import nodes
from ent_module.surveys.nodes import Found

KEYS = ("licence_text", "scores")
_SCORE = ("id", "text", "items", "times", "scale", "cutoff", "source", "licence")


def pack(root: yaml.Node, scales: Mapping[str, tuple[bool, bool]]) -> Generator[tuple[yaml.Node, str], None, set[str]]:
    """The mistakes of a pack; returns the scales that its scores use.

    In: name of a scale → whether all its choices have points, and whether they are bands.
    """
    entries, used = nodes.entries(root), set[str]()
    yield from nodes.text(entries.get("licence_text"), "licence_text")
    items = {
        str(nodes.value(one.get("id"))): one
        for section in nodes.listed(entries.get("sections"))
        for item in nodes.listed(nodes.entries(section).get("items"))
        if (one := nodes.entries(item))
    }
    for one in items.values():
        if "sensitive" not in one and "id" in one:
            yield one["id"], "every question of a pack is sensitive: its topic is missing"
    for score in nodes.listed(entries.get("scores")):
        yield from nodes.keys(score, _SCORE)
        yield from _score(nodes.entries(score), items, scales)
        used.add(str(nodes.value(nodes.entries(score).get("scale"))))
    return used


def _score(
    score: Mapping[str, yaml.Node],
    items: Mapping[str, Mapping[str, yaml.Node]],
    scales: Mapping[str, tuple[bool, bool]],
) -> Found:
    yield from nodes.texts(score.get("text"))
    for key in ("source", "licence"):
        yield from nodes.text(score.get(key), key)
    if "id" in score and str(nodes.value(score["id"])) in items:
        yield score["id"], "a question has that id already"
    if "times" in score and not nodes.whole(score["times"], 1):
        yield score["times"], "times must be a whole number from 1 on"
    if "scale" in score and not scales.get(str(nodes.value(score["scale"])), (False, False))[1]:
        yield score["scale"], "a score needs a scale of bands"
    if "items" in score and not nodes.listed(score["items"]):
        yield score["items"], "items must be a list of questions"
    for one in nodes.listed(score.get("items")):
        item = items.get(str(nodes.value(one)), {})
        pointed = scales.get(str(nodes.value(item.get("scale"))), (False, False))[0]
        if nodes.value(item.get("kind")) != "one" or not pointed:
            yield one, f"{nodes.value(one)} must be a question of kind one, with points for every answer"
