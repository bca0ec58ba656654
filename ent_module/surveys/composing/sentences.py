"""The editor's mistakes in words."""

from collections.abc import Mapping

from flask_babel import gettext as _

from ent_module.surveys.composing.draft import FEWEST_ANSWERS, MOST_ANSWERS, MOST_ITEMS, MOST_SECTIONS
from ent_module.surveys.composing.typed import Wrong
from ent_module.surveys.written import MOST_QUESTIONS


def sentences(mistakes: Mapping[str, Wrong]) -> dict[str, list[str]]:
    """The mistakes of a form as a page shows them: by field."""
    return {name: [_sentence(wrong)] for name, wrong in mistakes.items()}


def _sentence(wrong: Wrong) -> str:
    told = {
        Wrong.REQUIRED: _("Écrivez ce texte en français."),
        Wrong.TOO_LONG: _("Ce texte est trop long : raccourcissez-le."),
        Wrong.SIGNS: _("Écrivez sans accolades { }."),
        Wrong.FEW_ANSWERS: _("Écrivez au moins %(least)s réponses, une par ligne.", least=FEWEST_ANSWERS),
        Wrong.MANY_ANSWERS: _("Écrivez %(most)s réponses au plus.", most=MOST_ANSWERS),
        Wrong.TWICE: _("Une réponse y est deux fois."),
        Wrong.LINES: _("Écrivez autant de lignes qu’en français, dans le même ordre, ou aucune."),
        Wrong.NO_ANSWERS: _("Choisissez les réponses possibles."),
        Wrong.NOTHING: _("Cochez au moins une question."),
        Wrong.FULL: _("Un questionnaire a %(most)s questions au plus.", most=MOST_ITEMS),
        Wrong.MANY_TEXTS: _("On écrit dans %(most)s questions au plus.", most=MOST_QUESTIONS),
        Wrong.FULL_PAGES: _("Un questionnaire a %(most)s pages au plus.", most=MOST_SECTIONS),
    }
    return str(told[wrong])
