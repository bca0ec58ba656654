"""Levels of a school in words."""

from collections.abc import Sequence

from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import gettext as _

from ent_module.surveys.plan import OTHER


def named(levels: Sequence[str]) -> str:
    """« Niveau 6e », « Niveaux 6e et 5e »; without a level, the whole school."""
    said = [_("autres classes") if level == OTHER else level for level in levels]
    words: str = _("Tout l’établissement")
    if len(said) == 1:
        words = _("Niveau %(level)s", level=said[0])
    elif said:
        words = _("Niveaux %(levels)s", levels=format_list(said, locale=get_locale()))
    return words
