"""How a conversation moves: small named moves with the states they leave from and lead to. Each is logged."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """Where a conversation is."""

    NEW = "new"
    READ = "read"
    IN_PROGRESS = "in_progress"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"


WAITING = frozenset({State.NEW, State.HANDED_OVER})
"""Nobody has read it, or nobody has taken it since it was handed over: the clock runs, whoever has it."""
_OPEN = frozenset(State) - {State.CLOSED}
_OPENED = frozenset({State.READ, State.IN_PROGRESS, State.HANDED_OVER})


def waits(state: State, *, held: bool) -> bool:
    """Whether the clock runs. Reading alone does not stop it: only somebody who takes it, or closing.

    The same condition for the database: `store.waits`.
    """
    return state in WAITING or (state is not State.CLOSED and not held)


class Lane(StrEnum):
    """Whose queue a conversation is in."""

    GROUP = "group"
    SECRECY = "secrecy"
    """Nurse and social worker, under professional secrecy (article 226-13 of the penal code)."""


class Direction(StrEnum):
    """Who speaks in a message: the writer (in) or the group (out)."""

    IN = "in"
    OUT = "out"


class Refusal(StrEnum):
    """Why a move cannot be made now."""

    TAKEN = "taken"
    STATE = "state"
    ALONE = "alone"
    """Nobody else could read it."""


@dataclass(frozen=True)
class Move:
    """One move. `to` is None where the state stays."""

    name: str
    since: frozenset[State]
    to: State | None
    exclusive: bool = False
    """Refused while somebody else has the conversation, so that two adults never act at once."""


MOVES: Mapping[str, Move] = MappingProxyType(
    {
        move.name: move
        for move in (
            Move("sent", frozenset(), State.NEW),
            Move("written_again", frozenset(State), State.NEW),
            Move("read", frozenset({State.NEW}), State.READ),
            Move("take", _OPEN, State.IN_PROGRESS, exclusive=True),
            Move("answer", _OPEN, State.IN_PROGRESS, exclusive=True),
            Move("note", frozenset(State), None),
            # Not exclusive: a colleague who fell ill must not keep a child waiting.
            Move("hand_over", _OPEN, State.HANDED_OVER),
            # An appointment, and that it is called off: whoever calls the pupil has the conversation.
            Move("meet", _OPEN, State.IN_PROGRESS, exclusive=True),
            Move("meet_off", _OPEN, State.IN_PROGRESS, exclusive=True),
            Move("urgent", _OPEN, None),
            Move("not_urgent", _OPEN, None),
            Move("step_aside", _OPEN, State.HANDED_OVER),
            # Leads to HANDED_OVER where the adult marked had it.
            Move("concerned", frozenset(State), None),
            # That the law's own way was taken: possible at any time, whoever has the conversation, also once closed.
            Move("transmitted", frozenset(State), None),
            Move("to_lane", _OPEN, State.HANDED_OVER),
            Move("shared", _OPEN, None),
            Move("case", _OPENED, None),
            Move("close", _OPENED, State.CLOSED, exclusive=True),
            Move("reopen", frozenset({State.CLOSED}), State.READ),
            Move("escalate", _OPEN, None),
            Move("rescue", _OPEN, None),
            # Of the clock: the stand-in can read too; the mailbox of a level above is written to.
            Move("stand_in", _OPEN, None),
            Move("mailbox", _OPEN, None),
        )
    }
)


def refusal(move: Move, state: State, *, held_by_other: bool) -> Refusal | None:
    """Why that move cannot be made from that state; None where it can."""
    if move.exclusive and held_by_other:
        return Refusal.TAKEN
    return None if state in move.since else Refusal.STATE


def state_after(move: Move, state: State) -> State:
    """The state that a move leads to."""
    return state if move.to is None else move.to
