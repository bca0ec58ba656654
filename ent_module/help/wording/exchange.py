"""The words of what a writer does in a thread beside writing, for whoever does it and for the group."""

from collections.abc import Mapping
from dataclasses import dataclass

from ent_module.help.model import meeting as meetings
from ent_module.help.model.draft import Audience
from ent_module.help.model.steps import ERASE, HELPED, NAME
from ent_module.help.wording.said import _
from ent_module.help.wording.writer import isolated
from ent_module.web.parts import clock, day


@dataclass(frozen=True)
class Explained:
    """A step that cannot be taken back: what follows from it, and the sentence to tick."""

    heading: str
    lines: list[str]
    tick: str
    button: str


def explained(audience: Audience, on: str) -> Explained:
    """What is said before that step."""
    return (_name if on == NAME else _erase)(audience)


def _name(audience: Audience) -> Explained:
    if audience is Audience.PARENT:
        return Explained(
            _("Donner mon nom"),
            [
                _("Les adultes qui lisent cet échange verront votre nom, avec tous vos messages."),
                _("Ils pourront vous joindre. Un nom donné ne se reprend pas."),
            ],
            _("Oui, je donne mon nom"),
            _("Donner mon nom"),
        )
    lines = [
        _("Les adultes qui lisent cet échange verront ton nom. Ils le verront avec tous tes messages."),
        _("Ils pourront venir te voir, discrètement."),
        _("En cas de danger, ils pourront prévenir d’autres adultes."),
        _("Un nom donné ne se reprend pas."),
    ]
    return Explained(_("Donner mon nom"), lines, _("Oui, je donne mon nom"), _("Donner mon nom"))


def _erase(audience: Audience) -> Explained:
    heading, tick = _("Demander d’effacer"), _("Oui, je demande d’effacer cet échange")
    if audience is Audience.PARENT:
        lines = [
            _("Le groupe d’écoute reçoit votre demande, et décide."),
            _("Il refuse si la loi l’oblige à garder : un enfant en danger, une information déjà transmise."),
            _("Ce qui a été transmis ailleurs ne s’efface pas ici. Les sauvegardes disparaissent plus tard."),
            _("Une fois l’échange effacé, votre code n’ouvre plus rien."),
        ]
    else:
        lines = [
            _("Les adultes qui lisent cet échange reçoivent ta demande. Ils décident."),
            _("Si un enfant est en danger, ils doivent parfois garder une trace."),
            _("Ce qu’ils ont déjà transmis ne s’efface pas ici. Les sauvegardes disparaissent plus tard."),
            _("Une fois l’échange effacé, ton code n’ouvre plus rien."),
        ]
    return Explained(heading, lines, tick, _("Envoyer ma demande"))


def done(audience: Audience, on: str) -> str:
    """What a writer is told after that step."""
    if on == NAME:
        return _("Votre nom est donné.") if audience is Audience.PARENT else _("Ton nom est donné.")
    if on == ERASE:
        return _("La demande est partie.")
    if on in meetings.ANSWERS:
        return _("Ta réponse est partie.") if audience is not Audience.PARENT else _("Votre réponse est partie.")
    return _("C’est noté. Merci.")


def to_tick(audience: Audience) -> str:
    """What to do about a step that was not confirmed."""
    if audience is Audience.PARENT:
        return _("Cochez la case pour confirmer, ou revenez à l’échange.")
    return _("Coche la case pour confirmer, ou reviens à l’échange.")


def helped(audience: Audience) -> tuple[str, list[tuple[str, str]]]:
    """At the end: the question and its answers."""
    if audience is Audience.PARENT:
        return _("Est-ce que cela vous a aidé ?"), _help()
    return _("Est-ce que ça t’a aidé ?"), _help()


def _help() -> list[tuple[str, str]]:
    return [("yes", _("Oui")), ("partly", _("Un peu")), ("no", _("Non, j’ai encore besoin d’aide"))]


def step(on: str) -> str:
    """What such a step is called in the thread; empty for a message."""
    return {
        NAME: _("Nom donné"),
        ERASE: _("Demande d’effacement"),
        HELPED: _("Est-ce que ça a aidé ?"),
        meetings.MEET: _("Rendez-vous"),
        meetings.OFF: _("Rendez-vous annulé"),
        meetings.YES: _("Rendez-vous accepté"),
        meetings.NO: _("Rendez-vous refusé"),
        meetings.OTHER: _("Un autre moment"),
    }.get(on, "")


def step_text(on: str, text: str, more: Mapping[str, str] | None = None) -> str:
    """What was said with it."""
    if on == meetings.MEET:
        return meeting(more or {})
    if on in {meetings.OFF, *meetings.ANSWERS}:
        return text
    if on == HELPED:
        return dict(_help()).get(text, "")
    if on == NAME:
        return _("Du compte de %(who)s — à vérifier de vive voix", who=text)
    return text or _("À confirmer ou à refuser par le groupe d’écoute.")


# --- Appointments -----------------------------------------------------------------------------------------------------


def place(name: str, room: str = "") -> str:
    """Where: always a place where anybody may be called, for anything."""
    return {
        "life": _("Vie scolaire"),
        "office": _("Secrétariat"),
        "library": _("CDI"),
        "reception": _("Accueil de l’établissement"),
        "room": _("Salle %(room)s", room=room).strip(),
    }.get(name, "")


def meeting(values: Mapping[str, str]) -> str:
    """When and where, in one line; never why."""
    found = meetings.Meeting.of(values)
    if found is None:
        return ""
    return " · ".join([day(found.day), clock(found.at), place(found.place, found.room)])


def plain_title() -> str:
    """What a calendar has it under."""
    return _("Rendez-vous")


def answered(booked: meetings.Booked, *, code: bool) -> str:
    """At the desk: what the writer says to it."""
    if not code:
        return _("Convocation à remettre")
    return {
        meetings.YES: _("Accepté"),
        meetings.NO: _("Refusé"),
        meetings.OTHER: _("Demande un autre moment : %(words)s", words=isolated(booked.words)),
    }.get(booked.answer, _("Pas encore de réponse"))


@dataclass(frozen=True)
class Asked:
    """What a writer is asked about an appointment."""

    heading: str
    lines: list[str]
    answers: list[tuple[str, str]]
    other: str
    send: str


def asked(audience: Audience, *, named: bool) -> Asked:
    """Yes or no in one tap, or another moment."""
    answers = [(meetings.YES, _("D’accord")), (meetings.NO, _("Non"))]
    heading, send = _("Un rendez-vous est proposé"), _("Proposer ce moment")
    if audience is Audience.PARENT:
        lines = [] if named else [_("Si vous venez, l’adulte saura qui vous êtes.")]
        return Asked(heading, lines, answers, _("Ou un autre moment qui vous convient"), send)
    lines = [_("Tu peux dire non."), _("Pour te faire venir, personne ne dit pourquoi.")]
    lines += [] if named else [_("Si tu viens, l’adulte saura qui tu es.")]
    return Asked(heading, lines, answers, _("Ou un autre moment qui te va"), send)


def moment_problem(audience: Audience) -> str:
    """What to do about another moment that was not typed."""
    return _("Écrivez quand vous pouvez.") if audience is Audience.PARENT else _("Écris quand tu peux.")


def other_meeting() -> str:
    """The appointment that was answered no longer counts."""
    return _("Ce rendez-vous a changé. Voici où il en est.")


def meeting_problem(wrong: meetings.Wrong) -> str:
    """At the desk: what is wrong with an appointment."""
    return {
        meetings.Wrong.DAY: _("Écrivez le jour."),
        meetings.Wrong.PAST: _("Ce moment est passé."),
        meetings.Wrong.FAR: _("Choisissez un jour des deux mois qui viennent."),
        meetings.Wrong.CLOSED: _("L’établissement est fermé ce jour-là."),
        meetings.Wrong.HOUR: _("Écrivez l’heure, par exemple 10:30."),
        meetings.Wrong.OUTSIDE: _("L’établissement est fermé à cette heure."),
        meetings.Wrong.BREAK: _("C’est l’heure d’une récréation ou du repas : tout le monde verrait qui est appelé."),
        meetings.Wrong.PLACE: _("Choisissez le lieu."),
        meetings.Wrong.ROOM: _("Écrivez le numéro de la salle, sans autre mot."),
    }[wrong]
