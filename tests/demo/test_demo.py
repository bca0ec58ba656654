import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner
from joserfc import jwt
from joserfc.jwk import KeySet

from ent_module.demo.command import REFUSED_BESIDE, demo
from ent_module.demo.people import GROUPS, RESIDENTS, SCHOOLS
from ent_module.demo.platform import Platform, load_key
from ent_module.demo.server import make_demo
from ent_module.establishments.model import is_uai
from ent_module.identity import service as identity
from ent_module.identity.model import profile_named
from tests.support.server import open_port


def test_the_town_has_everyone_that_a_school_has() -> None:
    assert all(is_uai(school.uai) for school in SCHOOLS)
    assert {school.kind for school in SCHOOLS} >= {"ecole", "college", "lycee"}
    assert len(RESIDENTS) == sum(len(group.residents) for group in GROUPS)
    assert all(profile_named(one.profile) for one in RESIDENTS.values())
    assert any(len(one.schools) == 2 for one in RESIDENTS.values())


def test_its_messages_are_signed_as_a_library_expects(tmp_path: Path) -> None:
    platform = Platform(
        "https://a.example", load_key(tmp_path / "key.pem"), "https://b.example/l", "https://b.example/"
    )
    keys = KeySet.import_key_set(platform.jwks())  # type: ignore[arg-type]  # plain JSON, as a tool receives it
    token = jwt.decode(platform.message(RESIDENTS["leo"], "nonce", "fr"), keys, algorithms=["RS256"])
    assert token.claims["nonce"] == "nonce"
    assert token.header["kid"] == "portal-1"
    assert load_key(tmp_path / "key.pem").private_numbers() == platform.key.private_numbers()


def test_it_answers_only_the_tools_own_request_for_the_person_here(tmp_path: Path) -> None:
    platform = Platform(
        "https://a.example", load_key(tmp_path / "key.pem"), "https://b.example/l", "https://b.example/"
    )
    good = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": platform.client_id,
        "redirect_uri": platform.redirect_uri,
        "login_hint": "leo",
        "state": "s",
        "nonce": "n",
    }
    assert platform.accepts(good, RESIDENTS["leo"])
    assert not platform.accepts(good, RESIDENTS["yasmine"])
    for name in good:
        assert not platform.accepts({**good, name: "other" if name not in {"state", "nonce"} else ""}, RESIDENTS["leo"])


@pytest.mark.parametrize("name", REFUSED_BESIDE)
def test_it_does_not_start_beside_a_real_installation(name: str, tmp_path: Path) -> None:
    done = CliRunner(env={name: "x"}).invoke(demo, ["--data", str(tmp_path / "data")])
    assert done.exit_code == 1
    assert name in done.output
    assert not (tmp_path / "data").exists()


def test_reset_clears_its_own_folder_and_no_other(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("years of work")
    assert CliRunner().invoke(demo, ["--reset", "--data", str(other)]).exit_code == 1
    assert (other / "thesis.txt").exists()
    mine = tmp_path / "mine"
    mine.mkdir()
    load_key(mine / "portal.pem")
    assert CliRunner().invoke(demo, ["--reset", "--data", str(mine)]).exit_code == 0
    assert not mine.exists()
    assert CliRunner().invoke(demo, ["--reset", "--data", str(mine)]).exit_code == 0


def test_a_person_chosen_in_the_menu_arrives_in_the_module_and_data_is_kept(
    tmp_path: Path, serve: Callable[..., str]
) -> None:
    socket, address = open_port()
    port = int(address.rpartition(":")[2])
    made = make_demo(tmp_path / "data", port)
    serve(made.wsgi, socket)
    house = made.module.extensions["ent"]
    with house.database.reading() as db:
        before = {one.name for one in identity.portals(db)}
    again = make_demo(tmp_path / "data", port)  # a second start
    with again.module.extensions["ent"].database.reading() as db:
        assert {one.name for one in identity.portals(db)} == before
    again.module.extensions["ent"].database.engine.dispose()

    with requests.Session() as browser:
        browser.post(f"{address}/portal/enter", data={"person": "psy", "language": "en"}, timeout=10)
        form = browser.get(f"{address}/portal/open", timeout=10).text
        fields = dict(re.findall(r'name="(id_token|state)" value="([^"]+)"', form))
        action = re.search(r'action="([^"]+/lti/launch)"', form)
        assert action
        home = browser.post(action[1], data=fields, timeout=10)
        assert home.url == f"{address}/ent/"
        assert 'lang="en"' in home.text
        me = json.loads(browser.get(f"{address}/ent/me", timeout=10).text)
        assert me["profile"] == "staff"
        assert me["roles"] == ["listener"]
    house.database.engine.dispose()
