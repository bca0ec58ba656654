"""Plugging a platform in, as an operator does it."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from ent_module.identity import service as identity
from ent_module.lti import service
from ent_module.lti.service import RegistrationError
from tests.support.operator import Operator, operator_in
from tests.support.town import COLLEGE, ECOLE, Town

MOODLE = {
    "name": "Moodle",
    "issuer": "https://moodle.example",
    "client_id": "abc",
    "auth_url": "https://moodle.example/auth.php",
    "token_url": "https://moodle.example/token.php",
    "jwks_url": "https://moodle.example/certs.php",
    "deployment": "1",
    "establishment": "0951099D",
}


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return operator_in(tmp_path, "add-lti", MOODLE)


def test_adding_says_what_to_type_into_the_platform(operator: Operator) -> None:
    made = operator.adds({"ENT_PUBLIC_URL": "https://ent.example", "ENT_URL_PREFIX": "/res"})
    assert made.exit_code == 0
    for address in ("/res/", "/res/lti/login", "/res/lti/launch", "/res/lti/jwks.json"):
        assert f"https://ent.example{address}\n" in made.output


def test_a_second_deployment_of_the_same_registration(operator: Operator) -> None:
    assert operator.adds().exit_code == 0
    assert operator.adds().exit_code == 0, "twice is once"
    assert operator.adds(deployment="2", establishment="0599001n").exit_code == 0
    assert operator.types("list").output.splitlines() == [
        "Moodle (lti, https://moodle.example)",
        "  issuer https://moodle.example, client id abc",
        "  deployment 1: 0951099D",
        "  deployment 2: 0599001N",
    ]


def test_one_deployment_for_several_schools(operator: Operator) -> None:
    assert operator.adds({}, "--establishment", "0000000X").exit_code == 1
    assert operator.types("list").output == "", "one unknown school, and nothing is registered"
    assert operator.adds({}, "--establishment", "0599001N").exit_code == 0
    assert operator.types("list").output.splitlines()[-1] == "  deployment 1: 0599001N, 0951099D"


def test_addresses_may_change(operator: Operator) -> None:
    operator.adds()
    assert operator.adds(auth_url="https://new.example/auth").exit_code == 0
    assert "(lti, https://new.example)" in operator.types("list").output
    assert operator.adds(origin="https://pages.example").exit_code == 0
    assert "(lti, https://pages.example)" in operator.types("list").output
    assert operator.adds(auth_url="https://new.example/auth", deployment="2").exit_code == 0
    assert "(lti, https://new.example)" in operator.types("list").output


def test_one_more_deployment_leaves_the_portal_s_pages_where_they_are(operator: Operator) -> None:
    """Or else the portal could frame us no more."""
    operator.adds(origin="https://pages.example")
    assert operator.adds(deployment="2", establishment="0599001N").exit_code == 0
    assert "(lti, https://pages.example)" in operator.types("list").output


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"establishment": "0000000X"}, "no establishment has the UAI 0000000X"),
        ({"auth_url": "http://moodle.example/auth"}, "not an address of a platform"),
        ({"auth_url": "https://127.0.0.1/auth"}, "ENT_ALLOW_LOCAL_PORTALS"),
        ({"token_url": "http://127.0.0.1/token"}, "ENT_ALLOW_LOCAL_PORTALS"),
        ({"jwks_url": "https://192.168.1.1/keys"}, "ENT_ALLOW_LOCAL_PORTALS"),
        ({"jwks_url": "keys"}, "not an address of a platform"),
        ({"issuer": ""}, "issuer"),
        ({"issuer": "moodle"}, "not an address of a platform"),
        ({"client_id": "x" * 256}, "client id"),
        ({"deployment": ""}, "deployment"),
        ({"name": "a\nb"}, "name"),
        ({"origin": "https://a.example;script-src *"}, "not an origin"),
        ({"origin": "https://a.example/path"}, "not an origin"),
        ({"origin": "https://*"}, "not an origin"),
    ],
)
def test_what_cannot_be_registered_is_said_and_leaves_nothing(
    operator: Operator, changed: dict[str, str], said: str
) -> None:
    refused = operator.adds(**changed)
    assert refused.exit_code == 1
    assert said in refused.output
    assert operator.types("list").output == ""


def test_local_portals_are_for_development(operator: Operator) -> None:
    local = {name: f"http://127.0.0.1:8000/{name}" for name in ("auth_url", "token_url", "jwks_url")}
    local["issuer"] = "http://127.0.0.1:8000"
    assert operator.adds(**local).exit_code == 1
    assert operator.adds({"ENT_ALLOW_LOCAL_PORTALS": "1"}, **local).exit_code == 0


def test_neither_a_name_nor_a_registration_is_taken_over(operator: Operator) -> None:
    """The accounts of a portal's people hang on it: another platform under its name would be handed all of them."""
    operator.adds()
    assert "another portal is registered" in operator.adds(client_id="other").output
    assert "registered under the name 'Moodle'" in operator.adds(name="Moodle 2").output
    assert operator.adds(client_id="other", name="Moodle 2").exit_code == 0


def test_a_portal_of_another_protocol_keeps_its_name(town: Town, db: Session) -> None:
    identity.add_portal(db, "cas", "Portail CAS", "https://cas.example")
    with pytest.raises(RegistrationError, match="another portal"):
        service.register(db, town.house.settings, **{**MOODLE, "name": "Portail CAS", "establishment": COLLEGE})


def test_a_deployment_needs_its_registration(town: Town, db: Session) -> None:
    with pytest.raises(RegistrationError, match="no platform"):
        service.add_deployment(db, issuer="https://x.example", client_id="1", deployment="1", establishment=ECOLE)
    made = service.register(db, town.house.settings, **{**MOODLE, "establishment": COLLEGE})
    assert service.add_deployment(
        db, issuer=MOODLE["issuer"], client_id="abc", deployment="9", establishment=ECOLE
    ) == replace(made)
