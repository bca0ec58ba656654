"""The words of the desk: states, waits, what the writer chose, what happened, why something is refused."""

from ent_module.help.model.clock import Wait, Waiting
from ent_module.help.model.draft import Audience, Problem
from ent_module.help.model.moves import Refusal, State
from ent_module.help.service.header import Header
from ent_module.help.service.heads import Situation
from ent_module.help.wording.said import N_, _, ngettext
from ent_module.help.wording.writer import isolated


def state(value: State) -> str:
    """Where a conversation is."""
    return {
        State.NEW: _("Nouveau"),
        State.READ: _("Lu"),
        State.IN_PROGRESS: _("En cours"),
        State.HANDED_OVER: _("Transmis"),
        State.CLOSED: _("Clos"),
    }[value]


def waiting(value: Waiting, *, urgent: bool) -> str:
    """How long it may still wait. What is urgent may not: the school days left are nobody's measure of it."""
    late = ngettext("en retard de %(num)s jour d’école", "en retard de %(num)s jours d’école", value.days)
    if urgent:
        return " · ".join([_("à lire tout de suite"), *([late] if value.kind is Wait.LATE else [])])
    if value.kind is Wait.LATE:
        return late
    if value.kind is Wait.TODAY:
        return _("à lire aujourd’hui")
    return ngettext("encore %(num)s jour d’école", "encore %(num)s jours d’école", value.days)


def unread(count: int, urgent: int) -> str:
    """What the tile says: how many wait for somebody, and how many of these are urgent."""
    if not count:
        return _("Rien à lire")
    waiting = ngettext("%(num)s à lire ou à prendre", "%(num)s à lire ou à prendre", count)
    if not urgent:
        return waiting
    grave = ngettext("dont %(num)s urgent", "dont %(num)s urgents", urgent)
    return _("%(waiting)s, %(urgent)s", waiting=waiting, urgent=grave)


def theme(name: str) -> str:
    """One theme."""
    return _(_THEMES[name])


def themes(header: Header) -> str:
    """The themes that were ticked."""
    return " · ".join(_(_THEMES[theme]) for theme in header.what) or _("Sans thème")


def summary(header: Header) -> str:
    """What a line of the inbox says of it: for whom, then the themes. Never a word of the message."""
    return f"{whom} — {themes(header)}" if (whom := about(header)) else themes(header)


# Translated where one of them is shown: an inbox has many lines.
_THEMES = {
    "mocked": N_("Moqueries et mise à l’écart"),
    "hurt": N_("Coups, menaces ou vols"),
    "online": N_("En ligne"),
    "home": N_("À la maison"),
    "sexual": N_("Gestes ou paroles à caractère sexuel"),
    "rejected": N_("Rejet ou discrimination"),
    "sad": N_("Ne va pas bien"),
    "did": N_("A fait du mal et veut arrêter"),
    "other": N_("Autre chose"),
    "unsaid": N_("Préfère ne pas dire"),
}
_ABOUT = {
    "me": N_("Pour soi"),
    "other": N_("Pour quelqu’un d’autre"),
    "seen": N_("Pour une situation vue"),
    "child": N_("Pour son enfant"),
    "did": N_("A fait du mal et veut arrêter"),
    "told": N_("Un élève l’a dit à un adulte"),
    "feared": N_("Inquiétude d’un adulte"),
}


def about(header: Header) -> str:
    """For whom; empty where it was not said."""
    return _(_ABOUT[header.about]) if header.about in _ABOUT else ""


def facts(header: Header) -> list[tuple[str, str]]:
    """What the writer chose, as terms and what was said."""
    found = [
        (_("Parvenu"), _source(header)),
        (_("Mots de"), isolated(header.person) if header.person else ""),
        (_("Pour qui"), about(header)),
        (_("Thèmes"), themes(header)),
        (_("Combien de fois"), _often(header)),
        (_("Depuis"), _since(header)),
        (_("Danger"), _danger(header)),
        (_("Adulte concerné"), _adult(header)),
        (_("Seuls lecteurs choisis"), ", ".join(one.name for one in header.only)),
        (_("Voudrait parler à"), ", ".join(header.to)),
        (_("Réponse souhaitée"), "" if header.audience is Audience.STAFF else _answer(header)),
        (_("Mot de passe"), _("Quelqu’un d’autre le connaît") if header.shared == "yes" else ""),
        (_("Les parents"), _parents(header)),
    ]
    return [(term, words) for term, words in found if words]


def left_out(header: Header) -> str:
    """Whom the group does not speak to."""
    return ", ".join(_("la direction") if one.is_office else one.name for one in header.excluded)


def _often(header: Header) -> str:
    often = {"once": _("Une fois"), "several": _("Plusieurs fois"), "daily": _("Tous les jours")}
    return often.get(header.often, "")


def _source(header: Header) -> str:
    sources = {"paper": _("Sur papier"), "voice": _("De vive voix"), "3018": _("Par le 3018"), "other": _("Autrement")}
    return sources.get(header.source, "")


def _since(header: Header) -> str:
    since = {"days": _("Quelques jours"), "weeks": _("Quelques semaines"), "months": _("Des mois, ou plus")}
    return since.get(header.since, "")


def _adult(header: Header) -> str:
    """In the writer's own words, where there are any: they may mean somebody who reads."""
    if header.named:
        return _("« %(name)s », selon la personne qui écrit", name=isolated(header.named))
    return {"yes": _("Oui"), "unsaid": _("Oui, sans dire qui. Vérifiez avant d’en parler."), "no": _("Non")}.get(
        header.adult, ""
    )


def _danger(header: Header) -> str:
    """Danger now is said on top of the page, not among the facts."""
    return {"no": _("Non"), "unknown": _("Ne sait pas")}.get(header.danger, "")


def _answer(header: Header) -> str:
    return {
        "visit": _("Attend qu’un adulte vienne, sans réponse écrite"),
        "here-named": _("Lit la réponse ici, avec son code"),
        "here-unnamed": _("Lit la réponse ici, avec son code"),
        "later": _("Ne veut pas de visite pour l’instant. Lit la réponse ici."),
    }[header.answer.value]


def _parents(header: Header) -> str:
    return {
        "yes": _("Peuvent savoir"),
        "no": _("Ne doivent pas savoir, selon l’élève"),
        "talk": _("L’élève veut en parler avant"),
    }.get(header.parents, "")


def step(action: str) -> str:
    """What happened."""
    return {
        "sent": _("Message arrivé"),
        "written_again": _("Nouveau message arrivé"),
        "read": _("Lu"),
        "take": _("Pris en charge"),
        "answer": _("Réponse envoyée"),
        "note": _("Note ajoutée"),
        "hand_over": _("Transmis"),
        "meet": _("Rendez-vous proposé ou noté"),
        "meet_off": _("Rendez-vous annulé"),
        "urgent": _("Marqué urgent"),
        "not_urgent": _("N’est plus marqué urgent"),
        "step_aside": _("Retrait d’un membre cité"),
        "concerned": _("Un adulte cité a été écarté"),
        "transmitted": _("Transmis au service compétent, sans contenu ici"),
        "to_lane": _("Confié aux personnels soumis au secret professionnel"),
        "shared": _("Ce qui est nécessaire a été transmis au groupe d’écoute"),
        "case": _("Devenu une situation suivie"),
        "close": _("Clos"),
        "reopen": _("Rouvert"),
        "rescue": _("Donné à d’autres membres : il ne restait aucun lecteur"),
        "stand_in": _("Pas pris à temps, ou groupe absent : le remplaçant peut lire aussi"),
        "mailbox": _("Pas pris à temps : la boîte du niveau supérieur est prévenue, sans le contenu"),
        "escalate": _("Pas pris à temps : le niveau suivant peut lire aussi"),
    }[action]


def note_on(action: str) -> str:
    """What a note is about that was asked for by a move; empty for any other."""
    return {
        "close": _("Ce qui a été fait"),
        "not_urgent": _("Pourquoi ce n’est plus urgent"),
        "hand_over": _("Pourquoi c’est transmis"),
        "to_lane": _("Pourquoi c’est confié sous secret professionnel"),
        "shared": _("Transmis au groupe d’écoute"),
        "transmitted": _("Transmission faite"),
        "meet": _("Rendez-vous proposé ou noté"),
        "meet_off": _("Rendez-vous annulé"),
    }.get(action, "")


def refusal(why: Refusal, holder: str) -> str:
    """Why a move is refused, and what to do instead."""
    return {
        Refusal.TAKEN: _(
            "%(name)s a déjà pris cet échange. Voyez ensemble qui agit, ou transmettez-le à vous-même.", name=holder
        ),
        Refusal.STATE: _("L’échange a changé entre-temps. Rouvrez-le pour voir où il en est."),
        Refusal.ALONE: _("Personne d’autre ne pourrait le lire. Un second membre du groupe est nécessaire avant."),
    }[why]


def text_problem(what: Problem, action: str) -> str:
    """What is wrong with an answer or a note."""
    if what is Problem.TOO_LONG and action == "reference":
        return _("La référence est trop longue : 200 caractères au plus.")
    if what is Problem.TOO_LONG:
        return _("Le texte est trop long : 2 000 caractères au plus.")
    return {
        "outcome": _("Choisissez l’issue avant de clore."),
        "reference": _("Écrivez la référence, ou à qui et quand."),
        "way": _("Choisissez où la transmission a été faite."),
        "adult": _("Choisissez l’adulte cité."),
        "erasing": _("Vérifiez d’abord qu’aucun devoir ne s’y oppose."),
        "on_day": _("Cette date n’existe pas."),
        "hand_over": _("Écrivez pourquoi vous transmettez au niveau suivant."),
        "to_lane": _("Écrivez ce que vous confiez et pourquoi."),
        "shared": _("Écrivez ce que le groupe doit savoir et pourquoi."),
        "close": _("Écrivez ce qui a été fait avant de clore."),
        "not_urgent": _("Écrivez pourquoi ce n’est plus urgent."),
    }.get(action, _("Écrivez un texte."))


def text_first() -> str:
    """To somebody who will see the page no more, while a text is not kept yet."""
    return _("Gardez ou effacez ce texte avant de vous retirer.")


def situation(value: Situation) -> str:
    """What a head is told, without a number."""
    return {
        Situation.URGENT: _("Quelque chose d’urgent est ouvert"),
        Situation.LATE: _("Quelque chose attend depuis trop longtemps"),
        Situation.UNREAD: _("Quelque chose attend d’être lu ou pris en charge"),
        Situation.QUIET: _("Rien n’attend"),
    }[value]
