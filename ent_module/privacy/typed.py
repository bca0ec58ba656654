"""What people type from paper, read loosely: words without case and accents, codes without letters that look alike."""

import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is taken for a number."""
_READ_AS = str.maketrans("OIL", "011")
_GROUP = 4

# What Unicode's own decomposition leaves different though a reader takes it for the same letter: ligatures of Latin
# script; in Arabic the wasla, the lone hamza, final forms, lengthening, and the letters of Persian keyboards.
_SAME = str.maketrans(
    {"œ": "oe", "æ": "ae", "ß": "ss", "ٱ": "ا", "ء": "", "ى": "ي", "ة": "ه", "ـ": "", "ک": "ك", "ی": "ي"}
)


def folded(text: str) -> str:
    """The text without case, accents, Arabic vowel signs and hamza: what words are compared by."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return bare.translate(_SAME)


def typed_words(text: str) -> list[str]:
    """The folded words of what somebody typed; everything that is not a letter only separates them."""
    return "".join(c if c.isalpha() else " " for c in folded(text)).split()


def typed_code(text: str) -> str:
    """A code of ALPHABET as it was made, however it was typed."""
    return "".join(sign for sign in text.upper().translate(_READ_AS) if sign in ALPHABET)


def grouped(code: str) -> str:
    """The same to be read from paper, four signs together."""
    return " ".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))
