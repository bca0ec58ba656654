import pytest

from ent_module.identity.model import Profile
from ent_module.lti.roles import profile_of

MEMBER = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
PERSON = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
SYSTEM = "http://purl.imsglobal.org/vocab/lis/v2/system/person#"
STATED = ("", "National_DIR", "National_ENS", "National_EVS", "National_ELV", "National_TUT", "National_ACA", "wizard")


@pytest.mark.parametrize(
    ("roles", "profile"),
    [
        ([MEMBER + "Learner"], Profile.PUPIL),
        ([PERSON + "Student"], Profile.PUPIL),
        (["http://purl.imsglobal.org/vocab/lis/v2/membership/Learner#GuestLearner"], Profile.PUPIL),
        ([MEMBER + "Instructor"], Profile.TEACHER),
        ([PERSON + "Faculty"], Profile.TEACHER),
        ([PERSON + "Staff"], Profile.STAFF),
        ([MEMBER + "Administrator"], Profile.MANAGEMENT),
        ([MEMBER + "Mentor"], Profile.PARENT),
        (["Learner"], Profile.PUPIL),
        (["Instructor"], Profile.TEACHER),
        ([MEMBER + "Wizard", MEMBER + "Instructor", SYSTEM + "User"], Profile.TEACHER),
    ],
)
def test_the_table(roles: list[str], profile: Profile) -> None:
    assert profile_of(roles, "") is profile


@pytest.mark.parametrize(
    "roles",
    [
        [],
        [""],
        [SYSTEM + "None", PERSON + "None"],
        [SYSTEM + "Administrator"],  # whoever keeps the platform's machines is not the head of a school
        ["https://evil.example/#Administrator"],
        ["http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant"],
        ["urn:lti:role:ims/lis/Instructor"],
        ["Wizard"],
    ],
)
@pytest.mark.parametrize("stated", STATED)
def test_whom_the_roles_do_not_tell_is_unknown_whatever_is_stated(roles: list[str], stated: str) -> None:
    assert profile_of(roles, stated) is None


@pytest.mark.parametrize(
    ("roles", "profile"),
    [
        (["Learner", "Instructor"], Profile.PUPIL),
        ([PERSON + "Student", MEMBER + "Administrator"], Profile.PUPIL),
        (["Mentor", "Instructor"], Profile.PARENT),
        (["Mentor", "Learner"], Profile.PUPIL),
        (["Administrator", "Instructor"], Profile.TEACHER),
    ],
)
def test_of_several_roles_the_one_with_the_least_rights_counts(roles: list[str], profile: Profile) -> None:
    assert profile_of(roles, "") is profile
    assert profile_of(roles[::-1], "") is profile


@pytest.mark.parametrize("stated", STATED)
def test_no_parameter_makes_an_adult_of_a_child_or_a_member_of_staff_of_a_parent(stated: str) -> None:
    for roles in (["Learner"], ["Learner", "Administrator"], [PERSON + "Student", MEMBER + "Instructor"]):
        assert profile_of(roles, stated) is Profile.PUPIL
    for roles in (["Mentor"], ["Mentor", "Administrator"]):
        assert profile_of(roles, stated) is Profile.PARENT


@pytest.mark.parametrize(
    ("roles", "stated", "profile"),
    [
        (["Instructor"], "National_EVS", Profile.STAFF),
        (["Instructor"], "National_ACA", Profile.EXTERNAL),
        (["Instructor"], "PERSEDUCNAT", Profile.STAFF),
        (["Instructor"], "National_DIR", Profile.TEACHER),  # no teacher becomes a head by an activity's parameter
        (["Instructor"], "National_ELV", Profile.TEACHER),  # nor a voice among the pupils
        (["Instructor"], "wizard", Profile.TEACHER),
        (["Administrator"], "National_DIR", Profile.MANAGEMENT),
        (["Administrator"], "National_ENS", Profile.TEACHER),
        (["Administrator", "Instructor"], "National_DIR", Profile.MANAGEMENT),
        ([PERSON + "Staff"], "National_DIR", Profile.STAFF),
    ],
)
def test_the_parameter_refines_what_the_role_allows(roles: list[str], stated: str, profile: Profile) -> None:
    assert profile_of(roles, stated) is profile
