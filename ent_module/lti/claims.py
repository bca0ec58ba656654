"""What a platform's message says, read strictly: no claim is guessed, none of the wrong type is repaired."""

_LONGEST = 255


def is_id(value: object) -> bool:
    """Whether that may be an identifier: text of 1 to 255 printable characters."""
    return isinstance(value, str) and 0 < len(value) <= _LONGEST and value.isprintable()
