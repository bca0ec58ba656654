"""The questions of the form and their answers, in the words of each audience."""

from collections.abc import Container, Mapping
from dataclasses import dataclass

from ent_module.help.model.draft import CHOICES, SEVERAL, Answer, Audience, Draft
from ent_module.help.service.adults import WANTED
from ent_module.help.service.channel import BeforeWriting
from ent_module.help.wording import staff
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
    "adult": {"no": "no", "yes": "yes", "unsaid": "unknown"},
    "often": {"once": "once", "several": "several", "daily": "daily", "unknown": "unknown"},
    "danger": {"yes": "afraid", "no": "calm", "unknown": "unknown"},
    "answer": {"visit": "come", "here-named": "here", "here-unnamed": "code"},
    "parents": {"yes": "yes", "no": "no", "talk": "talk"},
}
"""The drawings of the école side, by question and answer: every answer has one but the names of adults."""


@dataclass(frozen=True)
class Question:
    """One question of the form. `choices` is empty for what is typed."""

    name: str
    legend: str
    hint: str
    choices: list[tuple[str, str]]
    several: bool


def questions(audience: Audience, before: BeforeWriting, *, has_name: bool) -> dict[str, Question]:
    """The questions of a form, in its order; without those that this school or audience does not have.

    Where the portal gives no name, nothing that needs one is offered.
    """
    alone = (
        [(str(account_id), called(one)) for account_id, one in before.alone]
        if _may_choose_one(audience, before)
        else []
    )
    offered = {
        "to": [(card_id, called(one)) for card_id, one in before.to],
        "without": [(str(account_id), called(one)) for account_id, one in before.leave_out],
        "only": [("", _("Tout le groupe d’écoute")), *alone] if alone else [],
        "stand_in": alone,
    }
    found = {}
    for name in _ORDER:
        values = CHOICES.get(name, {}).get(audience, ())
        if name == "answer" and not has_name:
            values = tuple(value for value in values if not Answer(value).named)
        choices = offered.get(name) or [(value, _label(audience, name, value)) for value in values]
        if (choices or name in {"message", "named", "person"}) and (said := _legends(audience).get(name)):
            found[name] = Question(name, *said, choices, name in SEVERAL)
    return found


_ORDER = (
    "source",
    "person",
    "message",
    "about",
    "what",
    "often",
    "since",
    "danger",
    "adult",
    "without",
    "named",
    "to",
    "only",
    "stand_in",
    "shared",
    "answer",
    "parents",
)
_FOLDS = (("about", "what", "often", "since"), ("to", "only", "stand_in"))
"""What may be left unsaid, and stands behind a line that opens it: on a telephone the form is short."""


@dataclass(frozen=True)
class Part:
    """Questions that stand together. `summary` is empty where they are always seen; `is_open` where one was answered,
    or must be corrected.
    """

    summary: str
    questions: list[Question]
    is_open: bool


def parts(draft: Draft, asked: Mapping[str, Question], errors: Container[str]) -> list[Part]:
    """The questions of a form of one page, in its order."""
    found: list[Part] = []
    for names in _in_parts():
        some = [asked[name] for name in names if name in asked]
        summary = _summary(draft.audience, names) if names in _FOLDS else ""
        if some:
            said = any(draft.values(one.name) or one.name in errors for one in some)
            found.append(Part(summary, some, bool(summary) and said))
    return found


def _in_parts() -> list[tuple[str, ...]]:
    folded = {name for names in _FOLDS for name in names}
    begin = {names[0]: names for names in _FOLDS}
    return [begin.get(name, (name,)) for name in _ORDER if name not in folded or name in begin]


def _summary(audience: Audience, names: tuple[str, ...]) -> str:
    if names == _FOLDS[0]:
        return _("En dire plus, si vous voulez") if audience is Audience.PARENT else _("En dire plus, si tu veux")
    return _("Choisir qui vous lit") if audience is Audience.PARENT else _("Choisir qui te lit")


def _may_choose_one(audience: Audience, before: BeforeWriting) -> bool:
    """Whether one may ask that an adult reads alone: with two who read, there is nobody to keep out."""
    return audience is Audience.PUPIL and len(before.alone) > WANTED


def _legends(audience: Audience) -> Mapping[str, tuple[str, str]]:
    """The questions and what helps to answer them."""
    return {
        Audience.YOUNG: _young,
        Audience.PUPIL: _pupil,
        Audience.PARENT: _parent,
        Audience.STAFF: staff.legends,
    }[audience]()


def _young() -> dict[str, tuple[str, str]]:
    return {
        "about": (_("C’est pour qui ?"), ""),
        "what": (_("Qu’est-ce qui se passe ?"), _("Tu peux en choisir plusieurs.")),
        "message": (_("Dis-nous ce qui se passe."), _("Écris avec tes mots. Les fautes ne comptent pas.")),
        "often": (_("C’est arrivé combien de fois ?"), ""),
        "danger": (_("As-tu peur aujourd’hui, à l’école ou à la maison ?"), ""),
        "to": (_("Tu veux parler à qui ?"), _("Tu peux ne rien choisir.")),
        "adult": (_("C’est un adulte de l’école ?"), _("Un adulte de l’école te fait du mal, ou te fait peur.")),
        "named": (_("C’est qui ?"), _("Si son nom n’est pas au-dessus. Il ne lira pas.")),
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
        "since": (_("Depuis quand ?"), ""),
        "danger": (_("Es-tu en danger en ce moment ?"), ""),
        "adult": (
            _("Un adulte de l’établissement est-il concerné ?"),
            _("C’est-à-dire : c’est lui qui fait du mal, ou il est mêlé à ce qui se passe."),
        ),
        "named": (
            _("Son nom ou son métier, s’il n’est pas dans la liste"),
            _("Si quelqu’un du groupe a ce nom, il ne lira pas."),
        ),
        "only": (
            _("Qui peut lire ton message ?"),
            _("Si tu es en danger, tout le groupe le lit. Les adultes que tu écartes ne le lisent pas."),
        ),
        "stand_in": (
            _("Si cet adulte est absent, qui peut lire à sa place ?"),
            _("Il faut une deuxième personne. Sinon, ton message pourrait attendre."),
        ),
        "shared": (_("Quelqu’un d’autre connaît ton mot de passe ?"), _("Un parent, un frère, une amie…")),
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
        "since": (_("Depuis quand ?"), ""),
        "danger": (_("Un enfant est-il en danger en ce moment ?"), ""),
        "adult": (_("Un adulte de l’établissement est-il concerné ?"), _("Vous pourrez l’écarter.")),
        "named": (
            _("Son nom ou sa fonction, s’il n’est pas dans la liste"),
            _("Si un membre du groupe porte ce nom, il ne lira pas."),
        ),
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
    labels = {
        Audience.YOUNG: _young_labels,
        Audience.PUPIL: _pupil_labels,
        Audience.PARENT: _parent_labels,
        Audience.STAFF: staff.labels,
    }[audience]()
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
        "since.days": _("Quelques jours"),
        "since.weeks": _("Quelques semaines"),
        "since.months": _("Des mois, ou plus"),
        "since.unknown": _("Je ne sais pas"),
        "adult.no": _("Non"),
        "adult.yes": _("Oui"),
        "adult.unsaid": _("Oui, mais je préfère ne pas dire qui"),
        "shared.yes": _("Oui"),
        "shared.no": _("Non"),
        "shared.unknown": _("Je ne sais pas"),
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
        "adult.unsaid": _("Oui, mais je ne dis pas qui"),
        "answer.visit": _("Un adulte vient me voir. Il sait que c’est moi."),
        "answer.here-named": _("Je lis la réponse ici. Je donne mon nom."),
        "answer.here-unnamed": _("Je lis la réponse ici. Je ne donne pas mon nom."),
    }


def _pupil_labels() -> dict[str, str]:
    return {
        "about.did": _("J’ai fait du mal, je veux arrêter"),
        "what.sad": _("Je ne vais pas bien"),
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
