"""The words of the mails. No tick has a reader of its own, so each letter is in the language its address came with."""

from ent_module.help.wording.said import N_
from ent_module.web.language import translations

_SUBJECT = N_("À consulter")
_HELLO = N_("Bonjour,")
_TEXT = N_("Quelque chose est à consulter dans votre espace :")
_PROGRAM = N_("Ce courriel est envoyé par un programme. Personne ne lit les réponses.")
_CHECK_SUBJECT = N_("Votre adresse")
_CHECK = N_("Quelqu’un a donné cette adresse dans son espace. Si c’est vous, confirmez-la ici :")
_ELSE = N_("Sinon, ne faites rien : plus rien ne viendra.")


def notice(language: str, link: str) -> tuple[str, str]:
    """Subject and text of every notice, whatever it is for."""
    return _letter(language, _SUBJECT, _TEXT, link, _PROGRAM)


def check(language: str, link: str) -> tuple[str, str]:
    """Subject and text of what is sent to an address that was just typed."""
    return _letter(language, _CHECK_SUBJECT, _CHECK, link, _ELSE)


def _letter(language: str, subject: str, text: str, link: str, end: str) -> tuple[str, str]:
    said = translations(language).gettext
    return str(said(subject)), f"{said(_HELLO)}\n\n{said(text)}\n{link}\n\n{said(end)}\n"
