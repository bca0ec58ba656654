"""What the writer is told before writing, for a child of an école, a pupil and a parent. Children: « tu », short,
nothing promised that the law does not let us keep; parents: « vous », exact, the article of law named.
"""

from dataclasses import dataclass
from datetime import date

from babel.lists import format_list

from ent_module.help.model.draft import Audience
from ent_module.help.service.channel import BeforeWriting, Called
from ent_module.help.wording.said import _, ngettext
from ent_module.web.language import language
from ent_module.web.parts import day

_FIRST_STRONG, _POP = "\u2068", "\u2069"


def isolated(text: str) -> str:
    """A name that keeps its own direction inside a sentence of another one."""
    return f"{_FIRST_STRONG}{text}{_POP}"


def names(given: list[str]) -> str:
    """« A, B et C » in the reader's language."""
    shown = [isolated(name) if name else _("un adulte du groupe d’écoute") for name in given]
    return str(format_list(shown, locale=language()))


def called(one: Called) -> str:
    """« Jeanne Petit, CPE »: an adult as the writer's pages name them."""
    known = one.name or one.office
    parts = (one.name or ("" if known or one.is_head else _("un adulte du groupe d’écoute")), one.office)
    head = _("direction") if known else _("La direction")
    shown = [part for part in (*parts, head if one.is_head else "") if part]
    return isolated(("، " if language() == "ar" else ", ").join(shown))


def account(name: str, classes: tuple[str, ...]) -> str:
    """« Léo Martin, 6e B »: whose account it is, as the live session says."""
    return isolated(", ".join([name, *classes])) if name else ""


_GROWN = frozenset({Audience.PARENT, Audience.STAFF})
"""Those whom a page calls « vous »."""


@dataclass(frozen=True)
class Reading:
    """Who reads a message, one adult a line, then by when. Without anybody, `lines` says so."""

    heading: str
    readers: list[str]
    lines: list[str]


def reading(audience: Audience, readers: list[Called], due_on: date, *, another_may_read: bool) -> Reading:
    """Who reads, by when, and whether somebody else may if they do not."""
    if not readers:
        return Reading("", [], [_("Il ne reste aucun adulte pour lire.")])
    number, by = len(readers), day(due_on)
    if audience in _GROWN:
        heading = _("Qui lira votre message :")
        when = ngettext(
            "Cette personne lira votre message %(day)s au plus tard.",
            "Ces personnes liront votre message %(day)s au plus tard.",
            number,
            day=by,
        )
    else:
        heading = _("Qui lira ton message :")
        when = ngettext(
            "Cet adulte lira ton message %(day)s au plus tard.",
            "Ils liront ton message %(day)s au plus tard.",
            number,
            day=by,
        )
    another = [_("Si personne ne s’en occupe, un autre adulte pourra aussi le lire.")] if another_may_read else []
    return Reading(heading, [called(one) for one in readers], [when, *another])


def moved(audience: Audience, before: str, now: str) -> tuple[str, list[str]]:
    """To somebody of two schools: the form was the other one's. What to look at before sending it here."""
    first, second = isolated(before), isolated(now)
    if audience is Audience.YOUNG:
        return _("Tu as changé d’école"), [
            _("Cette page était pour %(before)s : rien n’a été envoyé.", before=first),
            _("Ici, c’est %(now)s. Regarde qui lira, puis envoie.", now=second),
        ]
    if audience is Audience.PUPIL:
        return _("Tu as changé d’établissement"), [
            _("Cette page était pour %(before)s : rien n’a été envoyé.", before=first),
            _("Ici, c’est %(now)s. Regarde qui lira ton message, puis envoie-le.", now=second),
        ]
    return _("Vous avez changé d’établissement"), [
        _("Cette page était pour %(before)s : rien n’a été envoyé.", before=first),
        _("Ici, c’est %(now)s. Vérifiez qui lira votre message, puis envoyez-le.", now=second),
    ]


def before_reading(audience: Audience, before: BeforeWriting) -> Reading:
    """The same, for the page before writing."""
    return reading(audience, before.readers, before.due_on, another_may_read=before.another_may_read)


def visit_known(before: BeforeWriting) -> Reading:
    """École: who is told that a child asks for a visit."""
    if not before.readers:
        return reading(Audience.YOUNG, [], before.due_on, another_may_read=False)
    heading = ngettext(
        "Cet adulte le saura %(day)s au plus tard :",
        "Ces adultes le sauront %(day)s au plus tard :",
        len(before.readers),
        day=day(before.due_on),
    )
    return Reading(heading, [called(one) for one in before.readers], [])


def if_left_out(audience: Audience, before: BeforeWriting) -> list[str]:
    """Before the button of a form in which adults can still be left out: what that changes."""
    first = (
        _("Si vous écartez un adulte, il ne lira pas.")
        if audience is Audience.PARENT
        else _("Si tu écartes un adulte, il ne lira pas.")
    )
    return [first, *([_("Un autre adulte pourra lire à sa place.")] if before.another_may_read else [])]


def before_lines(audience: Audience) -> list[str]:
    """What cannot stay secret, and what one may choose: short lines after those that say who reads."""
    if audience is Audience.YOUNG:
        return [
            _("La classe ne le voit pas. Si un enfant est en danger, ils préviennent d’autres adultes."),
            _("Quelqu’un a ton mot de passe ? Choisis « Un adulte vient me voir »."),
        ]
    if audience is Audience.PUPIL:
        return [
            _("Tu peux écarter un adulte. Ce service ne prévient pas tes parents."),
            _(
                "Si toi ou un autre élève êtes en danger, des adultes devront agir. Ils préviendront parfois tes "
                "parents ou la justice. Si possible, nous t’en parlerons avant."
            ),
        ]
    return [
        _("Vous pouvez écarter un adulte. Il ne verra ni le message, ni qu’il existe."),
        _(
            "Si un enfant est en danger, des adultes devront transmettre : au département (article L226‑2‑1 du code de "
            "l’action sociale et des familles) ou à la justice (article 40 du code de procédure pénale)."
        ),
    ]


def not_a_chat(audience: Audience) -> str:
    """That no answer comes at once; nobody sits on the other side."""
    if audience is Audience.YOUNG:
        return _("Ici, la réponse ne vient pas tout de suite.")
    if audience is Audience.PUPIL:
        return _("Ce n’est pas un tchat : la réponse ne vient pas tout de suite.")
    return _("Ce n’est pas une messagerie instantanée : la réponse ne vient pas tout de suite.")


def thread_reading(readers: list[Called], due_on: date) -> Reading:
    """Who reads a conversation that exists, and when they would read what is written now."""
    if not readers:
        return reading(Audience.PUPIL, [], due_on, another_may_read=False)
    return Reading(
        _("Qui lit cet échange :"),
        [called(one) for one in readers],
        [_("Un nouveau message sera lu %(day)s au plus tard.", day=day(due_on))],
    )


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
            _("Tu peux l’envoyer maintenant. Si tu ne peux pas attendre, les numéros en rouge répondent jour et nuit."),
        ]
    return _("L’établissement est fermé."), [
        _("Votre message sera lu %(day)s au plus tard. Avant cette date, il se peut que personne ne le lise.", day=by),
        _(
            "Vous pouvez l’envoyer maintenant. Si cela ne peut pas attendre, les numéros en rouge répondent "
            "jour et nuit."
        ),
    ]


def danger(audience: Audience) -> tuple[str, list[str]]:
    """Danger: an adult nearby first, then the numbers, and that a message calls nobody."""
    if audience is Audience.YOUNG:
        return _("Tu es en danger ?"), [
            _("Va tout de suite vers un adulte de confiance. Il peut appeler avec toi."),
            _("Quelqu’un a une arme ? Va vers un adulte maintenant. Il appelle le 17."),
            _("Tu ne peux pas parler ? Envoie un SMS au 114."),
            _("Ton message n’appelle personne à ta place."),
        ]
    if audience is Audience.PUPIL:
        return _("En danger maintenant ?"), [
            _("Va vers un adulte : professeur, vie scolaire, infirmerie. Il peut appeler avec toi."),
            _(
                "Quelqu’un a une arme, ou menace d’en prendre une ? Appelle le 17. "
                "Préviens la direction ou un adulte maintenant."
            ),
            _("Tu ne peux pas parler ? Écris au 114, par SMS."),
            _(
                "Ces numéros répondent jour et nuit. Ton message n’appelle pas les secours. "
                "Tu peux quand même l’envoyer."
            ),
        ]
    return _("Un enfant est en danger maintenant ?"), [
        _("Appelez tout de suite. Ces numéros répondent jour et nuit. Un message n’appelle pas les secours."),
        _("Quelqu’un a une arme, ou menace d’en prendre une : appelez le 17, puis prévenez la direction."),
        _("Sans pouvoir parler : SMS au 114."),
    ]


def danger_lines(audience: Audience) -> tuple[str, ...]:
    """The numbers of that page, the one that makes no sound first; all of them answer day and night."""
    return ("114", "119", "15", "17") if audience is Audience.YOUNG else ("114", "17", "15", "112", "119", "3114")
