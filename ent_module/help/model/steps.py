"""What a writer may do in a thread beside writing: give the name, ask for it to be erased, say whether it helped."""

NAME, ERASE, HELPED = "name", "erase", "helped"
HELP = ("yes", "partly", "no")
"""Whether it helped."""


def is_quiet(on: str, text: str) -> bool:
    """Whether nobody need do anything about it: a writer who was helped waits for nothing."""
    return on == HELPED and text != "no"
