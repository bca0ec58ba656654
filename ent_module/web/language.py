"""Languages: French is what the code says, `translations/<lang>/<room>.po` say the rest.

Catalogues are read as they are, without a compile step, once per language and process.
"""

from functools import cache
from io import BytesIO

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import g, has_request_context, request
from flask_babel import Domain, get_locale, refresh

from ent_module.languages import LANGUAGES, RIGHT_TO_LEFT, SOURCE
from ent_module.shelves import shelf

_LOCALES = {code: Locale.parse(code) for code in LANGUAGES}


def direction(language: str) -> str:
    """`rtl` or `ltr`, for an element's `dir`."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def language() -> str:
    """The language of the present request; French outside of one."""
    locale = get_locale()
    return locale.language if locale is not None else SOURCE


def chosen_language() -> str:
    """The reader's language: chosen here, else told by the portal, else the browser's, else French.

    Where nobody is signed in and no cookie of ours goes, the address may say it (`?lang=`).
    """
    if not has_request_context():
        return SOURCE
    session = g.get("ent_session")
    if session is not None and session.get("language") in LANGUAGES:
        return str(session["language"])
    if session is None and request.args.get("lang") in LANGUAGES:
        return str(request.args["lang"])
    return request.accept_languages.best_match(list(LANGUAGES), SOURCE)


def speak() -> None:
    """Gives the present request our catalogues and the reader's language, whatever a host's own Babel has chosen."""
    EntDomain().as_default()
    refresh()
    g._flask_babel.babel_locale = _LOCALES[chosen_language()]  # noqa: SLF001  # no selector of the host's is asked


@cache
def catalogue(lang: str) -> Translations:
    """All rooms' translations into one language, merged. The rule of plurals is that of the files' own headers."""
    merged = Translations()
    for path in sorted((shelf("translations") / lang).glob("*.po")):
        compiled = BytesIO()
        with path.open("rb") as file:
            write_mo(compiled, read_po(file))
        compiled.seek(0)
        found = Translations(compiled, domain="ent")
        merged.merge(found)
        merged.plural = found.plural
    return merged


class French(NullTranslations):
    """The source language: texts as the code has them, with French plurals (0 and 1 are singular)."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The singular for 0 and 1."""
        return msgid1 if n < 2 else msgid2

    def ungettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The same, by the name that templates call."""
        return self.ngettext(msgid1, msgid2, n)


_FRENCH = French()


def translations(lang: str) -> NullTranslations:
    """What turns the code's texts into that language; French leaves them as they are."""
    return _FRENCH if lang == SOURCE or lang not in LANGUAGES else catalogue(lang)


class EntDomain(Domain):  # type: ignore[misc]  # flask-babel is not typed
    """Our own gettext domain; a host's is left alone."""

    def __init__(self) -> None:
        super().__init__(domain="ent")

    def get_translations(self) -> NullTranslations:
        """The translations of the request's language."""
        return translations(language())
