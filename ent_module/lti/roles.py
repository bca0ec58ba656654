"""From the roles of a launch to one profile. When in doubt, the one with the least rights.

Source of the roles: LTI 1.3 core specification, appendix A (LIS vocabularies).
"""

from collections.abc import Iterable

from ent_module.identity.model import Profile, profile_named

_PREFIXES = (
    "http://purl.imsglobal.org/vocab/lis/v2/membership#",
    "http://purl.imsglobal.org/vocab/lis/v2/institution/person#",
    "",  # short roles, as Moodle's services and old platforms send them
)
_SUBROLE_OF_LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership/Learner#"

_PROFILES = {
    "learner": Profile.PUPIL,
    "student": Profile.PUPIL,
    "mentor": Profile.PARENT,
    "instructor": Profile.TEACHER,
    "faculty": Profile.TEACHER,
    "staff": Profile.STAFF,
    "administrator": Profile.MANAGEMENT,
}
_LEAST_FIRST = (Profile.PUPIL, Profile.PARENT, Profile.TEACHER, Profile.STAFF, Profile.MANAGEMENT)

_MAY_BECOME = {
    Profile.TEACHER: frozenset({Profile.TEACHER, Profile.STAFF, Profile.EXTERNAL}),
    Profile.STAFF: frozenset({Profile.TEACHER, Profile.STAFF, Profile.EXTERNAL}),
    Profile.MANAGEMENT: frozenset({Profile.TEACHER, Profile.STAFF, Profile.EXTERNAL, Profile.MANAGEMENT}),
}
"""What the custom parameter `profile` may say of whom. Pupils and parents stay that, and nobody becomes one."""


def profile_of(roles: Iterable[str], stated: str) -> Profile | None:
    """The profile of someone with these roles, of whom the custom parameter `profile` says `stated`; None if unknown.

    Among several known roles the one with the least rights counts: Open edX calls each teacher Administrator too, and
    a pupil who assists a teacher is a pupil. Only `stated` makes such a person more, and never more than the highest
    role allows. Without a known role nothing that is stated counts.
    """
    known = [profile for role in roles if (profile := _profile(role)) is not None]
    if not known:
        return None
    least, most = (choose(known, key=_LEAST_FIRST.index) for choose in (min, max))
    wanted = profile_named(stated)
    allowed = _MAY_BECOME.get(most, frozenset()) if least in _MAY_BECOME else frozenset()
    return wanted if wanted in allowed and wanted is not None else least


def _profile(role: str) -> Profile | None:
    if role.startswith(_SUBROLE_OF_LEARNER):
        return Profile.PUPIL
    for prefix in _PREFIXES:
        if role.startswith(prefix) and (found := _PROFILES.get(role.removeprefix(prefix).lower())):
            return found
    return None
