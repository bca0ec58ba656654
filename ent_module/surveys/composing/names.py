"""Ids of what is composed. Pure rules."""

import re
import secrets
import unicodedata
from collections.abc import Set as AbstractSet

from ent_module.surveys.interchange.building import LONGEST_ID


def name_of(title: str) -> str:
    """An id for a new questionnaire, by its title, that no other has."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:24].strip("-")
    return f"{words or 'enquete'}-{secrets.token_hex(3)}"


def free(wanted: str, taken: AbstractSet[str]) -> str:
    """An id that nothing has yet."""
    found, number = wanted[:LONGEST_ID], 2
    while found in taken:
        end = f"_{number}"
        found, number = f"{wanted[: LONGEST_ID - len(end)]}{end}", number + 1
    return found
