"""What the pages say of a problem, a refusal or a state, in the reader's language."""

from collections.abc import Callable

from flask_babel import gettext as _

from ent_module.establishments.model import Standing
from ent_module.help.service.channel import Reason as ChannelReason
from ent_module.identity.grants import Reason
from ent_module.identity.model import Role
from ent_module.setup import model
from ent_module.setup.model import Problem, Problems

_PROBLEMS: dict[Problem, Callable[[], str]] = {
    Problem.CARD_WITHOUT_NAME: lambda: _("Indiquez un nom ou une fonction."),
    Problem.TOO_LONG: lambda: _("Ce texte est trop long : raccourcissez-le."),
    Problem.NOT_TEXT: lambda: _("Ce texte contient un caractère invisible qui n’est pas permis : retapez-le."),
    Problem.UNKNOWN_ADULT: lambda: _("Choisissez un adulte de la liste, ou aucun compte."),
    Problem.ADULT_HAS_A_CARD: lambda: _(
        "Cet adulte a déjà une fiche : modifiez celle-là, ou choisissez « Aucun compte »."
    ),
    Problem.TOO_MANY_CARDS: lambda: _(
        "Il y a déjà %(num)s fiches : retirez-en une avant d’en ajouter.", num=model.CARDS
    ),
    Problem.NO_DAY: lambda: _("Cochez au moins un jour d’ouverture."),
    Problem.TIME_MISSING: lambda: _("Indiquez l’heure, comme 08:00."),
    Problem.ENDS_BEFORE_IT_BEGINS: lambda: _("La fermeture doit venir après l’ouverture."),
    Problem.NOT_A_DAY: lambda: _("Indiquez un jour qui existe, comme 2026-12-18."),
    Problem.DAYS_BACKWARDS: lambda: _("Le dernier jour doit venir après le premier."),
    Problem.TOO_MANY_DAYS: lambda: _("Cela ferme trop de jours : %(num)s au plus.", num=model.CLOSED_DAYS),
    Problem.FRENCH_MISSING: lambda: _("Écrivez d’abord le texte en français : il sert partout où il manque."),
    Problem.PROMISES: lambda: _("Le texte semble promettre le secret : changez-le, ou cochez que vous l’avez relu."),
    Problem.NOT_OFFERED: lambda: _("Choisissez une des réponses proposées."),
}

_REFUSALS: dict[Reason, Callable[[], str]] = {
    Reason.MAY_NOT_PROPOSE: lambda: _("Votre compte ne peut pas proposer ce changement ici."),
    Reason.NOT_AN_ADULT: lambda: _("Choisissez un adulte de l’établissement dans la liste."),
    Reason.THERE_ALREADY: lambda: _("C’est déjà proposé, ou déjà fait. La liste est à jour ci-dessous."),
    Reason.NEEDS_ANOTHER: lambda: _(
        "Une autre personne doit décider : ni celle qui a proposé, ni celle dont il s’agit."
    ),
    Reason.NOTHING_WAITS: lambda: _("Quelqu’un a déjà décidé. La liste est à jour ci-dessous."),
}

_STANDINGS: dict[Standing, tuple[Callable[[], str], str]] = {
    Standing.MISSING: (lambda: _("Réglage de départ"), "info"),
    Standing.INHERITED: (lambda: _("Repris du niveau au-dessus"), "info"),
    Standing.PUBLISHED: (lambda: _("Publié"), "done"),
    Standing.DRAFTED: (lambda: _("Brouillon, pas encore publié"), "waiting"),
}

_CHANNEL: dict[ChannelReason, Callable[[], str]] = {
    ChannelReason.OPEN: lambda: _("Les élèves peuvent écrire."),
    ChannelReason.SWITCHED_OFF: lambda: _(
        "Le service est fermé : les élèves voient les fiches contact et les numéros."
    ),
    ChannelReason.NOT_CONFIRMED: lambda: _(
        "Le service est fermé depuis le 30 septembre : le groupe n’a pas été confirmé pour cette année scolaire."
    ),
    ChannelReason.TOO_FEW_READERS: lambda: _("Il n’y a pas assez de membres actifs pour lire les messages."),
}


_FAILURES: dict[str, Callable[[], str]] = {
    "missing": lambda: _("Le portail ne connaît pas ce groupe."),
    "denied": lambda: _("Le portail ne laisse pas lire ce groupe."),
    "library": lambda: _("Il manque un composant sur ce serveur."),
}


def of_failure(word: str) -> str:
    """Why the portal's group could not be read."""
    found = _FAILURES.get(word)
    return found() if found is not None else str(_("Le portail n’a pas répondu."))


def of_problems(problems: Problems) -> dict[str, list[str]]:
    """The sentences of a form's problems, by field."""
    return {field: [_PROBLEMS[problem]() for problem in found] for field, found in problems.items()}


def of_refusal(reason: Reason) -> str:
    """Why a step of a proposal is not possible."""
    return _REFUSALS[reason]()


def of_standing(standing: Standing) -> tuple[str, str]:
    """How far a setting is, and the kind of its status word."""
    word, kind = _STANDINGS[standing]
    return word(), kind


def of_channel(reason: ChannelReason) -> str:
    """Why the channel is open or closed."""
    return _CHANNEL[reason]()


def of_switch(name: str, *, opened: bool) -> str:
    """That someone opened or closed the channel."""
    return str(
        _("%(name)s a ouvert le service d’écriture", name=name)
        if opened
        else _("%(name)s a fermé le service d’écriture", name=name)
    )


def of_change(role: Role, name: str, *, ended: bool, soon: bool = False) -> str:
    """What happened to someone's place in a group; `soon`: it does not count yet."""
    if soon:
        return str(_("%(name)s entre dans le groupe d’écoute", name=name))
    said: dict[tuple[bool, bool], Callable[[], str]] = {
        (True, False): lambda: _("%(name)s est membre du groupe d’écoute", name=name),
        (True, True): lambda: _("%(name)s n’est plus membre du groupe d’écoute", name=name),
        (False, False): lambda: _("%(name)s est administrateur·rice local·e", name=name),
        (False, True): lambda: _("%(name)s n’est plus administrateur·rice local·e", name=name),
    }
    return said[role is Role.LISTENER, ended]()
