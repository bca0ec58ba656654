"""What the writer is told before writing, for a child of an école, a pupil and a parent. Children: « tu », short,
nothing promised that the law does not let us keep; parents: « vous », exact, the article of law named.
"""

from datetime import date

from babel.lists import format_list

from ent_module.help.model.draft import Audience
from ent_module.help.service.channel import BeforeWriting
from ent_module.help.wording.said import _
from ent_module.web.language import language
from ent_module.web.parts import day

_FIRST_STRONG, _POP = "\u2068", "\u2069"


def isolated(text: str) -> str:
    """A name that keeps its own direction inside a sentence of another one."""
    return f"{_FIRST_STRONG}{text}{_POP}"


def names(labels: list[str]) -> str:
    """« A, B et C » in the reader's language."""
    shown = [isolated(label) if label else _("un adulte du groupe d’écoute") for label in labels]
    return str(format_list(shown, locale=language()))


def account(name: str, classes: tuple[str, ...]) -> str:
    """« Léo Martin, 6e B »: whose account it is, as the live session says."""
    return isolated(", ".join([name, *classes])) if name else ""


def before_lines(audience: Audience, before: BeforeWriting) -> list[str]:
    """Who reads, when, what cannot stay secret: four short lines."""
    readers, by = names(before.readers), day(before.due_on)
    told = [_("Si personne ne l’a lu ce jour-là, un autre adulte sera prévenu.")] if before.another_is_told else []
    if audience is Audience.YOUNG:
        return [
            _("%(readers)s lisent les messages, les jours d’école.", readers=readers),
            _("Ils liront le tien %(day)s au plus tard.", day=by),
            _("La classe ne le voit pas. Si un enfant est en danger, ils préviennent d’autres adultes."),
            _("Quelqu’un a ton mot de passe ? Choisis « Un adulte vient me voir »."),
        ]
    if audience is Audience.PUPIL:
        return [
            " ".join([_("%(readers)s liront ton message, %(day)s au plus tard.", readers=readers, day=by), *told]),
            _("Tu peux écarter un adulte. Ce service ne prévient pas tes parents."),
            _(
                "Si toi ou un autre élève êtes en danger, des adultes devront agir. Ils préviendront parfois tes "
                "parents ou la justice. Si possible, nous t’en parlerons avant."
            ),
        ]
    return [
        " ".join([_("%(readers)s liront votre message, %(day)s au plus tard.", readers=readers, day=by), *told]),
        _("Vous pouvez écarter un adulte. Il ne verra ni le message, ni qu’il existe."),
        _(
            "Si un enfant est en danger, des adultes devront transmettre : au département (article L226-2-1 du code de "
            "l’action sociale et des familles) ou à la justice (article 40 du code de procédure pénale)."
        ),
    ]


def closed_now(audience: Audience, due_on: date) -> tuple[str, list[str]]:
    """Out of hours: that nobody may read before the day shown, and what to do meanwhile."""
    by = day(due_on)
    if audience is Audience.YOUNG:
        return _("L’école est fermée."), [
            _("Ton message sera lu %(day)s au plus tard. Avant, peut-être que personne ne le lira.", day=by),
            _("Tu peux l’envoyer maintenant. Tu ne peux pas attendre ? Appelle le 119, jour et nuit."),
        ]
    if audience is Audience.PUPIL:
        return _("L’établissement est fermé."), [
            _("Ton message sera lu %(day)s au plus tard. Avant, peut-être que personne ne le lira.", day=by),
            _("Tu peux l’envoyer maintenant. Si tu ne peux pas attendre, les numéros plus bas répondent."),
        ]
    return _("L’établissement est fermé."), [
        _("Votre message sera lu %(day)s au plus tard. Avant cette date, il se peut que personne ne le lise.", day=by),
        _("Vous pouvez l’envoyer maintenant. Si cela ne peut pas attendre, les numéros plus bas répondent."),
    ]


def danger(audience: Audience) -> tuple[str, list[str]]:
    """Danger: an adult nearby first, then the numbers, and that a message calls nobody."""
    if audience is Audience.YOUNG:
        return _("Tu es en danger ?"), [
            _("Va tout de suite vers un adulte de confiance. Il peut appeler avec toi."),
            _("Ton message n’appelle personne à ta place."),
        ]
    if audience is Audience.PUPIL:
        return _("En danger maintenant ?"), [
            _("Va vers un adulte : professeur, vie scolaire, infirmerie. Il peut appeler avec toi."),
            _("Ces numéros répondent jour et nuit. Ton message n’appelle pas les secours."),
        ]
    return _("Un enfant est en danger maintenant ?"), [
        _("Appelez tout de suite. Ces numéros répondent jour et nuit. Un message n’appelle pas les secours.")
    ]


def danger_lines(audience: Audience) -> tuple[str, ...]:
    """The numbers of that page; all of them answer day and night."""
    return ("119", "15", "17") if audience is Audience.YOUNG else ("119", "3114", "15", "17", "112", "114")
