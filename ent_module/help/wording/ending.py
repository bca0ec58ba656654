"""The words of an ending, of what the law asks for, and of a school's templates."""

from collections.abc import Mapping

from ent_module.help.model.outcomes import Outcome, Parents
from ent_module.help.model.retention import Reason
from ent_module.help.service.adults import Adult
from ent_module.help.service.crip import Crip
from ent_module.help.wording.said import _
from ent_module.help.wording.writer import isolated


def outcome(value: str) -> str:
    """How it ended."""
    return {
        Outcome.ACTED: _("Un adulte a agi dans l’établissement"),
        Outcome.FACTS: _("Suspicion de harcèlement, saisie dans « Faits établissement »"),
        Outcome.TRANSMITTED: _("Information préoccupante ou signalement fait"),
        Outcome.TALKED: _("Écoute et réponse, rien de plus à faire"),
        Outcome.ELSEWHERE: _("Suivi ailleurs (autre échange, service, ligne d’écoute)"),
        Outcome.NO_CONTACT: _("Personne n’a pu être joint"),
        Outcome.NOT_FOUNDED: _("Les faits ne se sont pas confirmés"),
    }[Outcome(value)]


def outcomes() -> list[tuple[str, str]]:
    """All of them, as a page offers them."""
    return [(one.value, outcome(one)) for one in Outcome]


def parents(value: str) -> str:
    """What was decided about the parents."""
    return {
        Parents.TOLD: _("Parents informés"),
        Parents.AGAINST_INTEREST: _("Parents non informés : contraire à l’intérêt de l’enfant"),
        Parents.ADULT_PUPIL: _("Élève majeur : c’est à lui ou elle de décider"),
    }[Parents(value)]


def all_parents() -> list[tuple[str, str]]:
    """All of them, as a page offers them."""
    return [(one.value, parents(one)) for one in Parents]


def way(value: str) -> str:
    """Where something was sent."""
    return {
        "crip": _("Information préoccupante au département (CRIP)"),
        "prosecutor": _("Signalement au procureur"),
        "other": _("Autre service"),
    }[value]


def ways() -> list[tuple[str, str]]:
    """All of them, as a page offers them."""
    return [(one, way(one)) for one in ("crip", "prosecutor", "other")]


def kept_with(note: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was kept with a note, as terms and what was said."""
    found = [
        (_("Issue"), outcome(note["outcome"]) if note.get("outcome") else ""),
        (_("Référence"), note.get("reference", "")),
        (_("Les parents"), parents(note["parents"]) if note.get("parents") else ""),
        (_("Où"), way(note["way"]) if note.get("way") else ""),
    ]
    return [(term, said) for term, said in found if said]


def reason(value: str) -> str:
    """Why a conversation is held."""
    return {
        Reason.COMPLAINT: _("Une plainte est déposée, ou va l’être"),
        Reason.COURT: _("La justice ou la police le demande, ou peut le demander"),
        Reason.REPORT: _("Un signalement ou une information préoccupante est en cours"),
        Reason.ACCESS: _("Quelqu’un a demandé l’accès à ses données"),
    }[Reason(value)]


def reasons() -> list[tuple[str, str]]:
    """All of them, as a page offers them."""
    return [(one.value, reason(one)) for one in Reason]


def adult(one: Adult) -> str:
    """An adult whom a reader may mark."""
    return _("La direction") if one.is_office else one.name


def reached(crip: Crip | None) -> list[str]:
    """Where an information préoccupante of this school goes."""
    if crip is None:
        return [_("Le département de cet établissement n’est pas connu ici. Le 119 peut vous orienter, jour et nuit.")]
    where = _("Département : %(name)s.", name=crip.department)
    if crip.own:
        said = ", ".join(part for part in (crip.own.phone, crip.own.address) if part)
        known = _("%(name)s : %(reached)s (saisi par l’établissement).", name=crip.own.name, reached=isolated(said))
        return [where, known] if crip.department else [known]
    if crip.reached:
        return [where, crip.reached]
    return [
        where,
        _("Les coordonnées de sa CRIP n’ont pas été vérifiées ici. Le 119 peut vous orienter, jour et nuit."),
    ]


def choose_model() -> str:
    """To somebody who inserts none."""
    return _("Choisissez un modèle.")


def model_problem(what: str) -> str:
    """What is wrong with a template as it was typed."""
    return {
        "missing": _("Donnez un nom et un texte, ou effacez les deux."),
        "long": _("C’est trop long."),
        "twice": _("Ce nom est déjà pris par un autre modèle."),
    }[what]


def before_access() -> list[str]:
    """What to look at before a copy is given to whoever asks for it (RGPD, article 15, 4; CADA on minors)."""
    return [
        _("Qui demande, et à quel titre ? Un réquisitoire ou une ordonnance se vérifie avec la direction."),
        _(
            "Un parent demande ? Lisez d’abord ce que l’enfant a dit de ses parents. "
            "Refusez si c’est contraire à son intérêt."
        ),
        _("Noircissez à la main ce qui désigne d’autres enfants, des témoins ou d’autres adultes."),
        _("Remettez-la en main propre. Gardez la demande et la réponse au dossier, pas la copie."),
    ]
