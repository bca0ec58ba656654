"""The words of the pages on which a listener says when they are there, and an admin when mails leave."""

from ent_module.help.wording.said import _


def day(name: str) -> str:
    """A day of the week."""
    return {
        "mon": _("Lundi"),
        "tue": _("Mardi"),
        "wed": _("Mercredi"),
        "thu": _("Jeudi"),
        "fri": _("Vendredi"),
        "sat": _("Samedi"),
        "sun": _("Dimanche"),
    }[name]


def address_problem() -> str:
    """Why an address was not kept."""
    return _("Indiquez une adresse comme prenom.nom@exemple.fr. Cinq adresses par jour au plus.")


def away_problem() -> str:
    """Why an absence was not kept."""
    return _("Indiquez un jour, d’aujourd’hui à dans soixante jours.")


def days_problem() -> str:
    """Why days of presence were not kept."""
    return _("Gardez au moins un jour. Pour être remplaçant, il faut que deux autres membres lisent dès le début.")


def offered_problem() -> str:
    """Why an hour or a number was not kept."""
    return _("Choisissez une des réponses proposées.")


def until_problem() -> str:
    """Why the end of a rota was not kept."""
    return _("Indiquez jusqu’à quel jour l’astreinte vaut, dans l’année qui vient.")


def breaks_problem() -> str:
    """Why the school's breaks were not kept."""
    return _("Écrivez chaque récréation de son début à sa fin, séparées par une virgule, huit au plus.")


def crip_name_problem() -> str:
    """Why the school's own CRIP contact was not kept."""
    return _("Écrivez le nom du service, cent caractères au plus.")


def crip_phone_problem() -> str:
    """The same, for its telephone."""
    return _("Écrivez un numéro à dix chiffres, ou l’adresse seule.")
