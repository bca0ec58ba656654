"""The words of the mails. No tick has a reader of its own, so each letter is in the language its address came with."""

from ent_module.help.wording.said import N_
from ent_module.web.language import translations

_SUBJECT = N_("À consulter")
_TEXT = N_(
    "Bonjour,\n\nQuelque chose est à consulter dans votre espace :\n%(link)s\n\n"
    "Ce courriel est envoyé par un programme. Personne ne lit les réponses."
)
_CHECK_SUBJECT = N_("Votre adresse")
_CHECK = N_(
    "Bonjour,\n\nQuelqu’un a donné cette adresse dans son espace. Si c’est vous, confirmez-la ici :\n%(link)s\n\n"
    "Sinon, ne faites rien : plus rien ne viendra."
)


def notice(language: str, link: str) -> tuple[str, str]:
    """Subject and text of every notice, whatever it is for."""
    return _in(language, _SUBJECT), _in(language, _TEXT) % {"link": link}


def check(language: str, link: str) -> tuple[str, str]:
    """Subject and text of what is sent to an address that was just typed."""
    return _in(language, _CHECK_SUBJECT), _in(language, _CHECK) % {"link": link}


def _in(language: str, text: str) -> str:
    return str(translations(language).gettext(text))
