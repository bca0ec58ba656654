"""From claims to one person."""

from typing import Any
from uuid import UUID

import pytest

from ent_module.identity.model import Arrival, Profile
from ent_module.sign_in.oidc.model import Reason, RefusedSignIn, arrival_of

PORTAL = UUID(int=7)


def arrival(**claims: Any) -> Arrival:
    return arrival_of(PORTAL, {"sub": "s-1", "uai": "0590001B", **claims})


@pytest.mark.parametrize(
    ("said", "profile", "head"),
    [
        ("National_ELV", Profile.PUPIL, False),
        ("national_elv", Profile.PUPIL, False),
        ("National_TUT", Profile.PARENT, False),
        ("National_ENS", Profile.TEACHER, False),
        ("National_DOC", Profile.TEACHER, False),
        ("National_DIR", Profile.MANAGEMENT, True),
        ("management", Profile.MANAGEMENT, True),
        ("administrator", Profile.MANAGEMENT, False),
        ("National_EVS", Profile.STAFF, False),
        ("National_ETA", Profile.STAFF, False),
        ("National_ACA", Profile.EXTERNAL, False),
        (" pupil ", Profile.PUPIL, False),
        (["National_ENS", "National_TUT"], Profile.PARENT, False),
        (["National_DIR", "National_ELV"], Profile.PUPIL, False),
        (["National_DIR", "National_XYZ"], Profile.MANAGEMENT, True),
        ("National_XYZ", Profile.VISITOR, False),
        ("", Profile.VISITOR, False),
        (None, Profile.VISITOR, False),
        ([], Profile.VISITOR, False),
        ({"National_DIR": True}, Profile.VISITOR, False),
        ([["National_DIR"]], Profile.VISITOR, False),
    ],
)
def test_profiles(said: Any, profile: Profile, head: bool) -> None:
    found = arrival(ent_profile=said)
    assert (found.profile, found.head) == (profile, head)


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("0590001B", ("0590001B",)),
        (["0590001b", " 0590002C "], ("0590001B", "0590002C")),
        (["0590001B", "590002C", 7, None, "0590003D;"], ("0590001B",)),
        ({"0590001B": 1}, ()),
        (None, ()),
    ],
)
def test_schools(said: Any, codes: tuple[str, ...]) -> None:
    assert arrival(uai=said).uais == codes


def test_classes_are_of_their_school() -> None:
    both = arrival(uai=["0590001B", "0590002C"], classes=["0590001B$6e B", "0590002C$5e A", "0590009Z$x", "CE2", 3])
    assert both.classes_in("0590001B") == ("6e B",)
    assert both.classes_in("0590002C") == ("5e A",)
    assert arrival(classes="CE2").classes_in("0590001B") == ("CE2",)


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"name": "Alba Costa", "given_name": "A"}, "Alba Costa"),
        ({"given_name": "Alba", "family_name": "Costa"}, "Alba Costa"),
        ({"family_name": "Costa"}, "Costa"),
        ({"name": "x" * 250}, "x" * 200),
        ({"name": "a\nb", "given_name": "Alba"}, "Alba"),
        ({"name": {"fr": "Alba"}}, ""),
        ({"preferred_username": "acosta", "email": "a@example.org"}, ""),
    ],
)
def test_names(claims: dict[str, Any], name: str) -> None:
    assert arrival(ent_profile="National_ENS", **claims).name == name


def test_a_visitor_s_name_is_not_even_taken() -> None:
    assert arrival(name="Lina Morel").name == ""


@pytest.mark.parametrize("subject", [None, "", 7, ["s"], "x" * 256, "a\nb"])
def test_nobody_arrives_without_a_subject(subject: Any) -> None:
    with pytest.raises(RefusedSignIn) as refused:
        arrival(sub=subject)
    assert refused.value.reason is Reason.SUBJECT


def test_the_language_is_the_portal_s_word() -> None:
    assert arrival(locale="ar-MA").language == "ar-MA"
    assert arrival(locale=["ar"]).language == "ar"
    assert arrival().language is None
