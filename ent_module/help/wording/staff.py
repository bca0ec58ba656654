"""The words of the door for whoever works at the school, and of what the group writes down for somebody else."""

from ent_module.help.model.draft import Problem
from ent_module.help.wording.said import _


def legends() -> dict[str, tuple[str, str]]:
    """The questions and what helps to answer them."""
    return {
        "source": (_("Comment cela vous est-il parvenu ?"), ""),
        "person": (
            _("De qui viennent ces mots ?"),
            _("Facultatif. Laissez vide si la personne ne veut pas dire son nom."),
        ),
        "about": (_("Comment le savez-vous ?"), ""),
        "what": (_("De quoi s’agit-il ?"), _("Plusieurs choix possibles, ou aucun.")),
        "message": (
            _("Les faits"),
            _("Quel élève, quand, où ; ses mots exacts entre guillemets. Ni enquête, ni avis."),
        ),
        "often": (_("Combien de fois est-ce arrivé ?"), ""),
        "since": (_("Depuis quand ?"), ""),
        "danger": (_("Un enfant est-il en danger en ce moment ?"), ""),
        "adult": (_("Un adulte de l’établissement est-il concerné ?"), _("Vous pourrez l’écarter.")),
        "without": (
            _("Un adulte ne doit pas lire votre message ?"),
            _("Cochez son nom. Dans ce service, il ne verra ni votre message, ni qu’il existe."),
        ),
        "named": (
            _("Son nom ou sa fonction, s’il n’est pas dans la liste"),
            _("Si un membre du groupe porte ce nom, il ne lira pas."),
        ),
    }


def labels() -> dict[str, str]:
    """The answers that are others than everybody’s."""
    return {
        "about.told": _("Un élève me l’a dit"),
        "about.seen": _("Je l’ai vu ou entendu"),
        "about.feared": _("Je suis inquiet, sans être sûr"),
        "what.sad": _("Un enfant ne va pas bien"),
        "source.paper": _("Sur papier"),
        "source.voice": _("De vive voix"),
        "source.3018": _("Par le 3018"),
        "source.other": _("Autrement"),
    }


def problems() -> dict[Problem, str]:
    """What to do about something missing."""
    return {
        Problem.EMPTY: _("Écrivez les faits. Quelques mots suffisent."),
        Problem.TOO_LONG: _("Votre message est trop long : 2 000 caractères au plus."),
        Problem.CHOOSE: _("Choisissez comment cela vous est parvenu."),
        Problem.WHICH_ADULT: _("Cochez cet adulte ou écrivez son nom. Vous pouvez aussi préférer ne pas dire qui."),
        Problem.GONE: _("Cette personne n’est plus dans la liste. Choisissez à nouveau."),
        Problem.NOBODY_LEFT: _("Il ne reste personne pour lire. Écartez moins d’adultes, ou appelez le 119."),
    }
