"""What a head says of a questionnaire of the school's own (`own`): nobody is offered it before it is accepted."""

from enum import StrEnum


class Accord(StrEnum):
    """What the head said of a version of a questionnaire of the school's own."""

    NONE = "none"
    """Nothing is to be said: its words are the shelf's."""
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    """Refused, or accepted once and withdrawn."""

    @property
    def offers(self) -> bool:
        """Whether the questionnaire may be asked."""
        return self in {Accord.NONE, Accord.ACCEPTED}


class Tick(StrEnum):
    """What a head says besides, to accept."""

    READ = "read"
    """The words have been read, each of them."""
    MARKED = "marked"
    """No question without a mark is on one of the topics."""
