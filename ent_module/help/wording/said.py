"""gettext with its types, for the files of this folder (flask-babel has none)."""

import flask_babel


def N_(sentence: str) -> str:  # noqa: N802  # gettext's own name
    """A sentence that is translated later, where it is shown."""
    return sentence


def _(sentence: str, **values: object) -> str:
    """The sentence in the reader's language."""
    return str(flask_babel.gettext(sentence, **values))


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """The same, by number, which it may name as `num`."""
    return str(flask_babel.ngettext(singular, plural, num, **values))
