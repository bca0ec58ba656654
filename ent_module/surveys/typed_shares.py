"""What somebody typed of the two shares of a key, and in words what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from ent_module.privacy import custody
from ent_module.privacy.custody import Shares
from ent_module.surveys.service.shares import LIMIT


@dataclass(frozen=True)
class TypedShares:
    """The shares, or what to correct by the names of fields."""

    shares: Shares | None
    errors: Mapping[str, list[str]]


def read(form: Mapping[str, str]) -> TypedShares:
    """The fields `phrase` and `paper` of a form."""
    errors: dict[str, list[str]] = {}
    phrase: tuple[str, ...] = ()
    paper = b""
    try:
        phrase = custody.read_phrase(form.get("phrase", ""))
    except custody.UnreadPhraseError as error:
        errors["phrase"] = _wrong_phrase(error)
    try:
        paper = custody.read_paper(form.get("paper", ""))
    except custody.UnreadPaperError as error:
        errors["paper"] = _wrong_paper(error)
    return TypedShares(None if errors else Shares(phrase, paper), errors)


def _wrong_phrase(error: custody.UnreadPhraseError) -> list[str]:
    if error.unknown:
        unknown = ", ".join(error.unknown)
        return [_("Ce n’est pas dans la liste des mots : %(words)s. Vérifier l’orthographe.", words=unknown)]
    return [_("La phrase a %(all)s mots. Nombre de mots écrits : %(count)s.", all=custody.WORDS, count=error.count)]


def _wrong_paper(error: custody.UnreadPaperError) -> list[str]:
    if error.wrong:
        return [_("Groupes de la feuille à relire : %(groups)s.", groups=", ".join(map(str, error.wrong)))]
    told = _(
        "La feuille a %(groups)s groupes de quatre signes. Nombre de signes lus : %(count)s.",
        groups=custody.GROUPS,
        count=error.count,
    )
    return [told]


def do_not_open() -> dict[str, list[str]]:
    """The shares are not this key's."""
    return {
        "phrase": [
            _(
                "Cette phrase et cette feuille n’ouvrent pas cette enquête ensemble. Rien n’est perdu. "
                "Vérifier qu’elles sont de cette enquête, puis essayer encore."
            )
        ]
    }


def too_many() -> dict[str, list[str]]:
    """All tries of this hour are used up."""
    return {"phrase": [_("%(limit)s essais en une heure : attendre l’heure suivante. Rien n’est perdu.", limit=LIMIT)]}


def failed() -> dict[str, list[str]]:
    """The server could not do it."""
    return {"phrase": [_("Le serveur n’a pas pu le faire maintenant. Rien n’est perdu : essayer plus tard.")]}
