"""What every protocol by which people arrive has in common: how it refuses, and what an identifier is."""

from enum import StrEnum
from typing import Any, Generic, TypeVar

AnyReason = TypeVar("AnyReason", bound=StrEnum)
_LONGEST = 255


class Refusal(Exception, Generic[AnyReason]):  # noqa: N818  # it is an answer, not a fault of ours
    """Somebody is not let in, or a portal not obeyed. Carries one word for the log, and nothing of what was sent."""

    def __init__(self, reason: AnyReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def is_id(value: Any) -> bool:
    """Whether that is a name by which a portal may call something: text of 1 to 255 printable characters."""
    return isinstance(value, str) and 0 < len(value) <= _LONGEST and value.isprintable()
