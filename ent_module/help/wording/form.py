"""The questions of the form and their answers, in the words of each audience, and what to do about a mistake."""

from dataclasses import dataclass

from ent_module.help.model.draft import CHOICES, SEVERAL, Answer, Audience, Problem
from ent_module.help.service.channel import BeforeWriting
from ent_module.help.wording.said import _
from ent_module.help.wording.writer import called

PICTURES = {
    "about": {"me": "me", "other": "another", "unknown": "unknown"},
    "what": {
        "mocked": "bothered",
        "hurt": "hurt",
        "home": "house",
        "online": "screen",
        "sad": "sad",
        "other": "other",
    },
    "often": {"once": "once", "several": "several", "daily": "daily", "unknown": "unknown"},
    "danger": {"yes": "afraid", "no": "calm", "unknown": "unknown"},
    "answer": {"visit": "come", "here-named": "here", "here-unnamed": "code"},
    "parents": {"yes": "yes", "no": "no", "talk": "talk"},
}
"""The drawings of the école side, by question and answer: every answer has one but the names of adults."""


@dataclass(frozen=True)
class Question:
    """One question of the form. `choices` is empty for the message."""

    name: str
    legend: str
    hint: str
    choices: list[tuple[str, str]]
    several: bool


def questions(audience: Audience, before: BeforeWriting, *, has_name: bool) -> dict[str, Question]:
    """The questions of a form, in its order; without those that this school or audience does not have.

    Where the portal gives no name, nothing that needs one is offered.
    """
    offered = {
        "to": [(card_id, called(one)) for card_id, one in before.to],
        "without": [(str(account_id), called(one)) for account_id, one in before.leave_out],
    }
    found = {}
    for name in ("about", "what", "message", "often", "danger", "to", "without", "answer", "parents"):
        values = CHOICES.get(name, {}).get(audience, ())
        if name == "answer" and not has_name:
            values = tuple(value for value in values if not Answer(value).named)
        choices = offered.get(name) or [(value, _label(audience, name, value)) for value in values]
        if choices or name == "message":
            legend, hint = _legend(audience, name)
            found[name] = Question(name, legend, hint, choices, name in SEVERAL)
    return found


def _legend(audience: Audience, name: str) -> tuple[str, str]:
    """The question and what helps to answer it."""
    return {Audience.YOUNG: _young, Audience.PUPIL: _pupil, Audience.PARENT: _parent}[audience]()[name]


def _young() -> dict[str, tuple[str, str]]:
    return {
        "about": (_("C’est pour qui ?"), ""),
        "what": (_("Qu’est-ce qui se passe ?"), _("Tu peux en choisir plusieurs.")),
        "message": (_("Dis-nous ce qui se passe."), _("Écris avec tes mots. Les fautes ne comptent pas.")),
        "often": (_("C’est arrivé combien de fois ?"), ""),
        "danger": (_("As-tu peur aujourd’hui, à l’école ou à la maison ?"), ""),
        "to": (_("Tu veux parler à qui ?"), _("Tu peux ne rien choisir.")),
        "without": (_("Un adulte ne doit pas lire ?"), _("Choisis-le. Il ne verra pas ton message.")),
        "answer": (
            _("Comment on te répond ?"),
            _("Quelqu’un a ton mot de passe ? Choisis « Un adulte vient me voir »."),
        ),
        "parents": (_("Tes parents peuvent savoir ?"), _("Dis ton avis. En cas de danger, un adulte décide.")),
    }


def _pupil() -> dict[str, tuple[str, str]]:
    return {
        "about": (_("Tu écris pour qui ?"), ""),
        "what": (_("De quoi s’agit-il ?"), _("Tu peux en cocher plusieurs, ou aucun.")),
        "message": (
            _("Ton message"),
            _("Raconte ce que tu veux, comme tu veux. Les fautes n’ont pas d’importance."),
        ),
        "often": (_("C’est arrivé combien de fois ?"), ""),
        "danger": (_("Es-tu en danger en ce moment ?"), ""),
        "to": (
            _("À qui veux-tu t’adresser ?"),
            _("Tu peux ne rien cocher. Tout le groupe d’écoute lit ton message."),
        ),
        "without": (
            _("Un adulte ne doit pas lire ton message ?"),
            _("Coche son nom. Dans ce service, il ne verra ni ton message, ni qu’il existe."),
        ),
        "answer": (_("Comment veux-tu qu’on te réponde ?"), ""),
        "parents": (
            _("Tes parents peuvent savoir ?"),
            _("Ton avis compte. En cas de danger, des adultes devront parfois les prévenir."),
        ),
    }


def _parent() -> dict[str, tuple[str, str]]:
    return {
        "about": (_("Pour qui écrivez-vous ?"), ""),
        "what": (_("De quoi s’agit-il ?"), _("Plusieurs choix possibles, ou aucun.")),
        "message": (_("Votre message"), _("Les faits, avec vos mots. 2 000 caractères au plus.")),
        "often": (_("Combien de fois est-ce arrivé ?"), ""),
        "danger": (_("Un enfant est-il en danger en ce moment ?"), ""),
        "to": (
            _("À qui souhaitez-vous vous adresser ?"),
            _("Facultatif. Tout le groupe d’écoute lit votre message."),
        ),
        "without": (
            _("Un adulte ne doit pas lire votre message ?"),
            _("Cochez son nom. Dans ce service, il ne verra ni votre message, ni qu’il existe."),
        ),
        "answer": (_("Comment souhaitez-vous une réponse ?"), ""),
    }


def _label(audience: Audience, name: str, value: str) -> str:
    labels = {Audience.YOUNG: _young_labels, Audience.PUPIL: _pupil_labels, Audience.PARENT: _parent_labels}[audience]()
    return labels.get(f"{name}.{value}") or _common_labels()[f"{name}.{value}"]


def _common_labels() -> dict[str, str]:
    return {
        "about.me": _("Pour moi"),
        "about.other": _("Pour quelqu’un d’autre"),
        "about.seen": _("Pour une situation que j’ai vue"),
        "about.unknown": _("Je ne sais pas"),
        "what.mocked": _("Moqueries, insultes, mise à l’écart"),
        "what.hurt": _("Coups, menaces, vols"),
        "what.online": _("Sur Internet ou par messages"),
        "what.home": _("À la maison"),
        "what.sexual": _("Gestes ou paroles à caractère sexuel"),
        "what.rejected": _("Rejet : origine, religion, handicap, genre, orientation…"),
        "what.other": _("Autre chose"),
        "what.unsaid": _("Je préfère ne pas dire"),
        "often.once": _("Une fois"),
        "often.several": _("Plusieurs fois"),
        "often.daily": _("Tous les jours"),
        "often.unknown": _("Je ne sais pas"),
        "danger.yes": _("Oui"),
        "danger.no": _("Non"),
        "danger.unknown": _("Je ne sais pas"),
        "answer.here-named": _("Je lis la réponse ici, avec mon nom"),
        "answer.here-unnamed": _("Je lis la réponse ici, sans mon nom"),
        "parents.yes": _("Oui"),
        "parents.no": _("Non"),
        "parents.talk": _("Parlons-en avant"),
    }


def _young_labels() -> dict[str, str]:
    return {
        "about.other": _("Pour un autre enfant"),
        "what.mocked": _("On m’embête"),
        "what.hurt": _("On me fait mal"),
        "what.online": _("Sur Internet"),
        "what.sad": _("Je suis triste"),
        "answer.visit": _("Un adulte vient me voir. Il sait que c’est moi."),
        "answer.here-named": _("Je lis la réponse ici. Je donne mon nom."),
        "answer.here-unnamed": _("Je lis la réponse ici. Je ne donne pas mon nom."),
    }


def _pupil_labels() -> dict[str, str]:
    return {
        "what.sad": _("Je ne vais pas bien"),
        "what.did": _("J’ai fait du mal, je veux arrêter"),
        "answer.visit": _("Un adulte vient me voir discrètement, avec mon nom"),
        "answer.later": _("Avec mon nom, mais ne venez pas me voir pour l’instant"),
    }


def _parent_labels() -> dict[str, str]:
    return {
        "about.child": _("Pour mon enfant"),
        "about.other": _("Pour un autre élève"),
        "what.sad": _("Un enfant ne va pas bien"),
        "answer.visit": _("On me propose un rendez-vous, avec mon nom"),
    }


def problem(audience: Audience, what: Problem) -> str:
    """What to do about something missing."""
    return {Audience.YOUNG: _young_problems, Audience.PUPIL: _pupil_problems, Audience.PARENT: _parent_problems}[
        audience
    ]()[what]


def _young_problems() -> dict[Problem, str]:
    return {
        Problem.EMPTY: _("Écris ce qui se passe. Un mot suffit."),
        Problem.TOO_LONG: _("C’est trop long. Enlève un peu de texte."),
        Problem.CHOOSE: _("Choisis comment on te répond."),
        Problem.CHOOSE_HOME: _("Choisis comment on te répond."),
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
            "Quelqu’un à la maison connaît peut-être ton mot de passe. Un adulte peut venir te voir : "
            "garde ce choix, ou prends-en un autre."
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
        Problem.GONE: _("Cette personne n’est plus dans la liste. Choisissez à nouveau."),
        Problem.NOBODY_LEFT: _("Il ne reste personne pour lire. Écartez moins d’adultes, ou appelez le 119."),
    }
