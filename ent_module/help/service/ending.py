"""How a conversation ends, and begins again."""

from ent_module.help.model import outcomes
from ent_module.help.service.desk import closing_needs_words
from ent_module.help.service.doing import BadTargetError, Context, TextProblemError, hold, keep_note, need_text

FIELDS = ("outcome", "reference", "parents")
"""What a form says of an ending, beside the words on what was done."""


def close(context: Context) -> bool:
    """With an outcome, in the clear, and what belongs to it, sealed among the notes. What is urgent, or a visit that
    leaves no other trace, is not closed without a word on what was done.
    """
    said = {name: context.act.more.get(name, "") for name in FIELDS}
    try:
        problems = outcomes.problems(**said)
    except ValueError:
        raise BadTargetError from None
    need_text(context, required=closing_needs_words(context.row, context.header))
    for field, problem in problems.items():
        raise TextProblemError(problem, field)
    keep_note(context, **said)
    context.row.outcome = said["outcome"]
    hold(context, context.me)
    return True


def reopen(context: Context) -> bool:
    """What came of it is open again."""
    context.row.outcome = None
    return True
