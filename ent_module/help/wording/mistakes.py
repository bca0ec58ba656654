"""What to do about a mistake in the form, in the words of each audience."""

from ent_module.help.model.draft import Audience, Problem
from ent_module.help.wording import staff
from ent_module.help.wording.said import _


def problem(audience: Audience, what: Problem) -> str:
    """What to do about something missing."""
    return {
        Audience.YOUNG: _young_problems,
        Audience.PUPIL: _pupil_problems,
        Audience.PARENT: _parent_problems,
        Audience.STAFF: staff.problems,
    }[audience]()[what]


def _young_problems() -> dict[Problem, str]:
    return {
        Problem.EMPTY: _("Écris ce qui se passe. Un mot suffit."),
        Problem.TOO_LONG: _("C’est trop long. Enlève un peu de texte."),
        Problem.CHOOSE: _("Choisis comment on te répond."),
        Problem.CHOOSE_HOME: _("Choisis comment on te répond."),
        Problem.WHICH_ADULT: _("Choisis cet adulte, ou écris son nom."),
        Problem.GONE: _("Cet adulte n’est plus dans la liste. Choisis encore."),
        Problem.NOBODY_LEFT: _("Personne ne peut lire. Écarte moins d’adultes, ou appelle le 119."),
    }


def _pupil_problems() -> dict[Problem, str]:
    return {
        Problem.EMPTY: _("Écris ton message. Quelques mots suffisent."),
        Problem.TOO_LONG: _(
            "Ton message est trop long : 2 000 caractères au plus. Tu peux en envoyer un autre ensuite."
        ),
        Problem.CHOOSE: _("Choisis comment on te répond."),
        Problem.CHOOSE_HOME: _(
            "Quelqu’un connaît peut-être ton mot de passe. Un adulte peut venir te voir : "
            "garde ce choix, ou prends-en un autre."
        ),
        Problem.WHICH_ADULT: _("Coche cet adulte ou écris son nom. Tu peux aussi préférer ne pas dire qui."),
        Problem.STAND_IN: _("Choisis un deuxième adulte, qui peut lire si le premier est absent."),
        Problem.CANNOT_READ: _(
            "Un de ces deux adultes ne peut pas lire : tu l’écartes, ou il n’est plus là. Choisis à nouveau."
        ),
        Problem.GONE: _("Cette personne n’est plus dans la liste. Choisis à nouveau."),
        Problem.NOBODY_LEFT: _(
            "Il ne reste personne pour lire. Écarte moins d’adultes, va voir un adulte de confiance, ou appelle le 119."
        ),
    }


def _parent_problems() -> dict[Problem, str]:
    return {
        Problem.EMPTY: _("Écrivez votre message."),
        Problem.TOO_LONG: _("Votre message est trop long : 2 000 caractères au plus."),
        Problem.CHOOSE: _("Choisissez comment recevoir une réponse."),
        Problem.CHOOSE_HOME: _("Choisissez comment recevoir une réponse."),
        Problem.WHICH_ADULT: _("Cochez cet adulte ou écrivez son nom. Vous pouvez aussi préférer ne pas dire qui."),
        Problem.GONE: _("Cette personne n’est plus dans la liste. Choisissez à nouveau."),
        Problem.NOBODY_LEFT: _("Il ne reste personne pour lire. Écartez moins d’adultes, ou appelez le 119."),
    }
