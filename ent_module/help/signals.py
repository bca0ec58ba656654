"""What this room tells the rooms above it, which it does not know."""

from blinker import Namespace

_signals = Namespace()

becomes_case = _signals.signal("ent-help-becomes-case")
"""The group says that a conversation becomes a case. The sender is the database session of that moment, in which a
receiver may write; with it go ids alone: `establishment_id`, `conversation_id`, `account_id` of whoever says so."""


def somebody_listens() -> bool:
    """Whether there is a room that takes cases."""
    return bool(becomes_case.receivers)
