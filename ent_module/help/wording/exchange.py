"""The words of what a writer does in a thread beside writing, for whoever does it and for the group."""

from dataclasses import dataclass

from ent_module.help.model.draft import Audience
from ent_module.help.model.steps import ERASE, HELPED, NAME
from ent_module.help.wording.said import _


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
    return {NAME: _("Nom donné"), ERASE: _("Demande d’effacement"), HELPED: _("Est-ce que ça a aidé ?")}.get(on, "")


def step_text(on: str, text: str) -> str:
    """What was said with it."""
    if on == HELPED:
        return dict(_help()).get(text, "")
    if on == NAME:
        return _("Du compte de %(who)s — à vérifier de vive voix", who=text)
    return text or _("À confirmer ou à refuser par le groupe d’écoute.")
