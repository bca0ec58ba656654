"""Whom a question concerns: conditions on earlier questions. Pure rules, the same that `static/relevant.js` follows."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Condition:
    """One of these choices was made in that question."""

    item: str
    choices: frozenset[str]

    def holds(self, answers: Mapping[str, Sequence[str]]) -> bool:
        """Whether it does, of these answers. A question without an answer holds nothing."""
        return not self.choices.isdisjoint(answers.get(self.item, ()))


@dataclass(frozen=True)
class Relevant:
    """Which conditions must hold: every one, or any one. `who` says it in words, by language."""

    every: bool
    conditions: tuple[Condition, ...]
    who: Mapping[str, str] | None

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Relevant":
        """The rule that checked data describes."""
        every = "all" in data
        conditions = tuple(Condition(one["item"], frozenset(one["is"])) for one in data["all" if every else "any"])
        return cls(every, conditions, data.get("who"))

    def holds(self, answers: Mapping[str, Sequence[str]]) -> bool:
        """Whether whoever gave these answers is concerned."""
        return (all if self.every else any)(condition.holds(answers) for condition in self.conditions)

    @property
    def as_json(self) -> str:
        """The rule without its words, as the page's script reads it."""
        conditions = [[one.item, sorted(one.choices)] for one in self.conditions]
        return json.dumps({"every": self.every, "conditions": conditions})
