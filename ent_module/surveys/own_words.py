"""What a head reads and accepts before a school's own questionnaire is offered to anybody. Pure rules on its data.

A mark on a question cannot come from elsewhere: a file says nothing of its topics, and no rule finds them by words. So
somebody who answers to families reads the words. What says only what our shelf says has been read already.
"""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from typing import Any

from ent_module.establishments.model import Kind
from ent_module.surveys import bank
from ent_module.surveys.composing.draft import FIRST_PAGE, conditions
from ent_module.surveys.parts import Topic, scale_of

Data = Mapping[str, Any]


def needed(data: Data) -> bool:
    """Whether anything below the title of a questionnaire is in other words than the shelf's."""
    headings = _headings()
    own_heading = any(_same(section[key]) not in headings for section, key in _said_on_pages(data))
    return own_heading or any(not is_as_in_bank(item, data) for item in _items(data))


def is_as_in_bank(item: Data, data: Data) -> bool:
    """Whether a question of that questionnaire says what one of the bank says, in every language and with its mark."""
    return _same(_said(item, data["scales"])) in _questions()


def marked(data: Data, topics: Mapping[str, str]) -> dict[str, Any]:
    """The questionnaire with these topics on its questions, by id: "" for none; the others stay as they are.

    What rests on a question with a topic has it too, unless it has one of its own. At école nothing is asked on
    sexuality: a question for several levels is then for the others only.
    """
    made = deepcopy(dict(data))
    found: dict[str, str] = {}
    not_at_ecole: set[str] = set()
    for item in _items(made):
        earlier = [one["item"] for one in conditions(item)]
        inherited = next((found[name] for name in earlier if name in found), "")
        topic = topics.get(item["id"], item.get("sensitive", "")) or inherited
        item.pop("sensitive", None)
        if topic:
            found[item["id"]] = item["sensitive"] = str(topic)
        if topic == Topic.SEXUALITY or not_at_ecole.intersection(earlier):
            not_at_ecole.add(item["id"])
            item["levels"] = [level for level in item["levels"] if level != Kind.ECOLE]
            item.pop("text_ecole", None)
    return made


def carried_over(before: Data, data: Data) -> dict[str, Any]:
    """The next version with the marks of the one before, on questions whose words are the same."""
    marks = {item["id"]: (item["text"], item["sensitive"]) for item in _items(before) if "sensitive" in item}
    return marked(
        data,
        {
            item["id"]: marks[item["id"]][1]
            for item in _items(data)
            if "sensitive" not in item and item["id"] in marks and marks[item["id"]][0] == item["text"]
        },
    )


def _items(data: Data) -> Iterator[dict[str, Any]]:
    return (item for section in data["sections"] for item in section["items"])


def _said_on_pages(data: Data) -> Iterator[tuple[Data, str]]:
    keys = ("title", "title_ecole", "intro")
    return ((section, key) for section in data["sections"] for key in keys if key in section)


def _said(item: Data, scales: Data) -> list[Any]:
    """Everything that is read of a question, and its mark."""
    who = item.get("relevant", {}).get("who")
    answers = [choice["label"] for choice in scale_of(item, scales)["choices"]]
    return [item["text"], item.get("text_ecole"), item.get("hint"), who, item["kind"], item.get("sensitive"), answers]


def _same(said: object) -> str:
    return json.dumps(said, sort_keys=True, ensure_ascii=False)


@cache
def _questions() -> frozenset[str]:
    """The bank's, with their wording for the école and without it."""
    items = [(entry.item, entry.asked.data["scales"]) for entry in bank.entries().values()]
    plain = [({key: value for key, value in item.items() if key != "text_ecole"}, scales) for item, scales in items]
    return frozenset(_same(_said(item, scales)) for item, scales in (*items, *plain))


@cache
def _headings() -> frozenset[str]:
    asked = {entry.asked.id: entry.asked for entry in bank.entries().values()}.values()
    said = (section[key] for one in asked for section, key in _said_on_pages(one.data))
    return frozenset(map(_same, (FIRST_PAGE, *said)))
