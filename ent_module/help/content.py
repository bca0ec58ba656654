"""What `check-content` looks at for this room: the lists of words of the codes, and the départements."""

from collections.abc import Iterable

from ent_module.help import codes
from ent_module.help.service import crip
from ent_module.rooms import Mistake


def check_content() -> Iterable[Mistake]:
    """The mistakes of both."""
    yield from codes.check_content()
    yield from crip.check_content()
