"""Plugging an OpenID Connect portal in, as an operator does it."""

from pathlib import Path

import pytest

from ent_module.establishments import service as establishments
from ent_module.identity import following
from tests.oidc.liar import Liar
from tests.support.database import every_byte
from tests.support.keycloak import CLIENT_ID, SECRET, Keycloak
from tests.support.operator import ECOLE, LYCEE, Operator, operator_in
from tests.support.town import COLLEGE

LOCAL = {"ENT_ALLOW_LOCAL_PORTALS": "1"}


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    secret = tmp_path / "secret"
    secret.write_text(f"{SECRET}\n", encoding="utf-8")
    usual = {"name": "ENT", "issuer": "https://kc.example/realms/ent", "client_id": CLIENT_ID}
    usual |= {"establishment": LYCEE, "client_secret_file": str(secret)}
    return operator_in(tmp_path, "add-oidc", usual)


def test_adding_says_what_to_type_into_the_portal(operator: Operator) -> None:
    made = operator.adds({"ENT_PUBLIC_URL": "https://ent.example", "ENT_URL_PREFIX": "/res"})
    assert made.exit_code == 0, made.output
    lines = made.output.splitlines()
    assert lines[1].startswith("  Redirect URI")
    assert lines[1].endswith("/callback")
    assert "https://ent.example/res/sign-in/" in lines[1]
    assert lines[2].split()[-1] == "https://ent.example/res/"
    assert lines[3].endswith("/back-channel")
    again = operator.adds({"ENT_PUBLIC_URL": "https://ent.example", "ENT_URL_PREFIX": "/res"}, establishment=ECOLE)
    assert again.output == made.output, "the same portal, for one more school"
    assert operator.types("list").output.splitlines() == [
        "ENT (oidc, https://kc.example)",
        f"  issuer https://kc.example/realms/ent, client id {CLIENT_ID}",
        f"  {ECOLE}, {LYCEE}",
    ]


def test_one_more_school_leaves_the_portal_s_pages_where_they_are(operator: Operator) -> None:
    """Or else the portal could frame us no more."""
    assert operator.adds(origin="https://ent.example").exit_code == 0
    assert operator.adds(establishment=ECOLE).exit_code == 0
    assert "(oidc, https://ent.example)" in operator.types("list").output


def test_the_secret_is_in_the_database_sealed_only(operator: Operator) -> None:
    operator.adds()
    with operator.reading() as db:
        assert SECRET.encode() not in every_byte(db)
        assert b"kc.example" in every_byte(db)
    assert SECRET not in operator.types("list").output


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"establishment": "0000000X"}, "no establishment has one of the codes 0000000X"),
        ({"issuer": "http://kc.example/realms/ent"}, "not an address of a platform"),
        ({"issuer": "https://127.0.0.1/realms/ent"}, "ENT_ALLOW_LOCAL_PORTALS"),
        ({"issuer": "https://10.0.0.1/realms/ent"}, "ENT_ALLOW_LOCAL_PORTALS"),
        ({"issuer": ""}, "issuer"),
        ({"client_id": ""}, "client id"),
        ({"name": "a\nb"}, "name"),
        ({"origin": "https://a.example;script-src *"}, "not an address"),
    ],
)
def test_what_cannot_be_registered_is_said_and_leaves_nothing(
    operator: Operator, changed: dict[str, str], said: str
) -> None:
    refused = operator.adds(**changed)
    assert refused.exit_code == 1
    assert said in refused.output
    assert operator.types("list").output == ""


def test_an_empty_secret_is_refused(operator: Operator) -> None:
    Path(operator.usual["client_secret_file"]).write_text("\n", encoding="utf-8")
    assert "client secret" in operator.adds().output


def test_neither_a_name_nor_a_registration_is_taken_over(operator: Operator) -> None:
    """The accounts of a portal's people hang on it: another realm under its name would be handed all of them."""
    operator.adds()
    assert "another portal is registered" in operator.adds(issuer="https://kc.example/realms/other").output
    assert "registered under the name 'ENT'" in operator.adds(name="ENT 2").output


def test_the_check_says_what_is_wrong(operator: Operator, liar: Liar) -> None:
    assert operator.adds(LOCAL, issuer=liar.address).exit_code == 0
    good = operator.types("check-oidc", "--name", "ENT", **LOCAL)
    assert (good.exit_code, good.output.splitlines()[1:]) == (0, ["signature keys: 1 for RS256"])
    for document, settings, said in (
        ({"issuer": "https://evil.example"}, LOCAL, "names itself otherwise"),
        ({"jwks_uri": None}, LOCAL, "something else"),
        ({}, {}, "ENT_ALLOW_LOCAL_PORTALS"),
    ):
        liar.document = document
        bad = operator.types("check-oidc", "--name", "ENT", **settings)
        assert bad.exit_code == 1
        assert said in bad.output
    assert "see `portal list`" in operator.types("check-oidc", "--name", "ENT 2").output


def test_what_a_group_to_follow_wants(operator: Operator) -> None:
    operator.adds()
    for words, said in (
        (("--establishment", "0000000X"), "no establishment"),
        (("--establishment", LYCEE), "see `portal list`"),
        (("--establishment", LYCEE, "--name", "Autre", "--path", "/g"), "see `portal list`"),
        (("--establishment", ECOLE, "--name", "ENT", "--path", "/g"), "does not speak for"),
        (("--establishment", LYCEE, "--name", "ENT"), "--path"),
        (("--establishment", LYCEE, "--name", "ENT", "--path", "g"), "--path"),
    ):
        refused = operator.types("follow-group", *words)
        assert refused.exit_code == 1
        assert said in refused.output
    words = ("--establishment", LYCEE, "--name", "ENT", "--path", f"/{LYCEE}/personnels")
    assert operator.types("follow-group", *words).exit_code == 0
    with operator.reading() as db:
        found = following.standing(db, establishments.by_uai(db, LYCEE).id)
        assert found
        assert (found.portal, found.path) == ("ENT", f"/{LYCEE}/personnels")
    assert operator.types("follow-group", "--establishment", LYCEE, "--stop").exit_code == 0
    with operator.reading() as db:
        assert following.standing(db, establishments.by_uai(db, LYCEE).id) is None


@pytest.mark.keycloak
def test_the_check_by_a_real_keycloak(operator: Operator, keycloak_server: Keycloak) -> None:
    realm = keycloak_server.realm("https://ent.example")
    operator.adds(LOCAL, issuer=realm.issuer, establishment=COLLEGE)
    good = operator.types("check-oidc", "--name", "ENT", "--group", f"/{COLLEGE}/personnels", **LOCAL)
    assert good.exit_code == 0, good.output
    assert good.output.splitlines() == [
        f"issuer {realm.issuer}: answers, and names itself so",
        "signature keys: 1 for RS256",
        f"group /{COLLEGE}/personnels: 2 members",
    ]
    bad = operator.types("check-oidc", "--name", "ENT", "--group", "/nobody", **LOCAL)
    assert "knows no group" in bad.output
