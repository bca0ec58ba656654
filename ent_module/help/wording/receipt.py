"""The words after sending: thanks, who reads by when, how the answer comes, what to do if it gets worse."""

from dataclasses import dataclass

from ent_module.help.model.draft import Answer, Audience
from ent_module.help.service.writing import Receipt
from ent_module.help.wording.said import _
from ent_module.help.wording.writer import Reading, reading


@dataclass(frozen=True)
class Arrived:
    """The page after sending, from its heading on."""

    heading: str
    thanks: list[str]
    reading: Reading
    lines: list[str]


def arrived(audience: Audience, receipt: Receipt) -> Arrived:
    """The words of the page that only leaves once the message is committed."""
    who = reading(audience, receipt.readers, receipt.due_on, another_may_read=receipt.another_may_read)
    return {Audience.YOUNG: _young, Audience.PUPIL: _pupil, Audience.PARENT: _parent}[audience](receipt, who)


def _young(receipt: Receipt, who: Reading) -> Arrived:
    if receipt.answer is Answer.VISIT:
        lines = [_("Un adulte viendra te voir. Il ne dira pas pourquoi à la classe.")]
    else:
        lines = [_("La réponse sera ici. Garde tes huit mots.")]
    lines.append(_("Ça devient urgent ? Va voir un adulte. Ou appelle le 119, jour et nuit."))
    return Arrived(_("Ton message est arrivé"), [_("Merci d’avoir parlé. Tu as bien fait.")], who, lines)


def _pupil(receipt: Receipt, who: Reading) -> Arrived:
    lines = [
        {
            Answer.VISIT: _("Un adulte viendra te voir, discrètement. Il te dira ce qu’il peut faire."),
            Answer.LATER: _("Personne ne viendra te voir pour l’instant, sauf danger. La réponse sera ici."),
        }.get(receipt.answer, _("La réponse sera ici. Reviens avec ton code.")),
        _("Si ça devient urgent, va voir un adulte ou appelle le 119, jour et nuit."),
    ]
    return Arrived(_("Ton message est arrivé"), [_("Merci d’en avoir parlé.")], who, lines)


def _parent(receipt: Receipt, who: Reading) -> Arrived:
    if receipt.answer is Answer.VISIT:
        lines = [_("Un adulte vous proposera un rendez-vous.")]
    else:
        lines = [_("La réponse sera ici. Revenez avec votre code.")]
    lines.append(_("Si cela devient urgent, appelez le 119, jour et nuit, ou le 17."))
    return Arrived(_("Votre message est arrivé"), [], who, lines)


def about_the_code(audience: Audience) -> tuple[str, list[str]]:
    """What the eight words are, and that nobody can find them again."""
    if audience is Audience.YOUNG:
        return _("Tes huit mots"), [
            _("Ces mots ouvrent ta réponse. Recopie-les sur un papier à toi."),
            _("Ne les donne à personne. Nous ne pouvons pas les retrouver."),
        ]
    if audience is Audience.PUPIL:
        return _("Ton code"), [
            _("Ces huit mots ouvrent l’échange, sur n’importe quel appareil, depuis un compte de ton établissement."),
            _("Qui a le code peut lire. Garde-le loin des autres : nous ne pouvons pas le retrouver."),
        ]
    return _("Votre code"), [
        _("Ces huit mots ouvrent l’échange, sur n’importe quel appareil, depuis un compte de l’établissement."),
        _("Qui a le code peut lire. Gardez-le : nous ne pouvons pas le retrouver."),
    ]


def without_a_name(audience: Audience) -> list[str]:
    """What « sans mon nom » means, and what it does not."""
    if audience is Audience.PARENT:
        return [
            _("Ce service n’enregistre pas qui vous êtes. Le portail peut savoir que vous l’avez ouvert."),
            _("Vos mots peuvent vous faire reconnaître. La justice peut demander des traces au portail."),
            _("Sans nom, il est plus difficile d’aider. Nous ne pouvons pas retrouver un code perdu."),
        ]
    if audience is Audience.YOUNG:
        return [_("Sans ton nom, on ne sait pas où te trouver. C’est plus dur de t’aider.")]
    return [
        _("Ce service n’enregistre pas qui tu es. Le portail peut savoir que tu l’as ouvert, pas ce que tu écris."),
        _("Tes mots peuvent te faire reconnaître. La justice peut demander des traces au portail."),
        _("Si tu es en danger, nous ne saurons pas où te trouver."),
        _("Garde bien ton code : nous ne pouvons pas le retrouver."),
    ]
