import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from socket import create_connection, create_server

import pytest
import requests
from click.testing import CliRunner
from joserfc import jwt
from joserfc.jwk import KeySet

from ent_module.config import Settings
from ent_module.demo.command import REFUSED_BESIDE, demo
from ent_module.demo.folder import MARKER, ForeignFolderError, take
from ent_module.demo.people import GROUPS, LYCEE, RESIDENTS, SCHOOLS
from ent_module.demo.platform import Platform, load_key
from ent_module.demo.server import make_demo
from ent_module.establishments import service as establishments
from ent_module.establishments.model import is_uai
from ent_module.identity import service as identity
from ent_module.identity.model import profile_named
from ent_module.surveys import campaigns, sensitive
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


def test_every_setting_that_names_a_real_installation_stops_it() -> None:
    """A new setting is put here or into the list: it is not forgotten."""
    harmless = {"url_prefix", "surface", "title", "exit_url", "allow_local_portals", "session_hours"}
    harmless |= {"operator", "contact", "hosting", "check_uai", "own_origin", "grace_minutes"}
    harmless |= {"smtp_port", "smtp_security", "smtp_timeout"}
    harmless |= {"desk_second_factor", "desk_hours", "desk_idle_minutes"}
    assert set(REFUSED_BESIDE) == {f"ENT_{name.upper()}" for name in {one.name for one in fields(Settings)} - harmless}


@pytest.mark.parametrize("name", REFUSED_BESIDE)
def test_it_does_not_start_beside_a_real_installation(name: str, tmp_path: Path) -> None:
    done = CliRunner(env={name: "x"}).invoke(demo, ["--data", str(tmp_path / "data")])
    assert done.exit_code == 1
    assert name in done.output
    assert not (tmp_path / "data").exists()


def real(folder: Path) -> dict[str, bytes]:
    """A folder with a real installation's data, and with what older demos left in it; its files."""
    folder.mkdir()
    for name in ("ent.sqlite", "master.key", "portal.pem", "portal.secret"):
        (folder / name).write_bytes(name.encode())
    return files(folder)


def files(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir()}


def test_real_data_is_neither_served_nor_deleted(tmp_path: Path) -> None:
    before = real(tmp_path / "ent-data")
    for words in ([], ["--reset"]):
        done = CliRunner().invoke(demo, [*words, "--data", str(tmp_path / "ent-data"), "--port", "0"])
        assert done.exit_code == 1
        assert "is not a folder of the demo" in done.output
        assert files(tmp_path / "ent-data") == before
    with pytest.raises(ForeignFolderError):
        make_demo(tmp_path / "ent-data", 8000)
    assert files(tmp_path / "ent-data") == before


def test_reset_clears_what_is_the_demos_and_nothing_else(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    take(mine)
    for name in ("ent.sqlite", "master.key", "portal.pem", "thesis.txt"):
        (mine / name).write_text("years of work")
    reset = ["--reset", "--data", str(mine)]
    assert CliRunner().invoke(demo, reset).exit_code == 0
    assert set(files(mine)) == {MARKER, "thesis.txt"}
    (mine / "thesis.txt").unlink()
    assert CliRunner().invoke(demo, reset).exit_code == 0
    assert not mine.exists()
    assert CliRunner().invoke(demo, reset).exit_code == 0


def test_it_listens_on_this_machine_alone_and_reset_leaves_nothing(tmp_path: Path) -> None:
    """127.0.0.2 stands for every other address: a server that listens on all of them answers there too."""
    socket, address = open_port()
    port = int(address.rpartition(":")[2])
    socket.close()
    command = [sys.executable, "-m", "ent_module.cli", "demo", "--data", str(tmp_path / "data"), "--port", str(port)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as run:
        try:
            assert run.stdout
            assert address in run.stdout.readline()
            assert answers("127.0.0.1", port)
            assert not answers("127.0.0.2", port)
        finally:
            run.terminate()
    assert CliRunner().invoke(demo, ["--reset", "--data", str(tmp_path / "data")]).exit_code == 0
    assert not (tmp_path / "data").exists()


def answers(host: str, port: int) -> bool:
    """Whether something listens there; it has two minutes to begin, on the address where it should."""
    deadline = time.monotonic() + (120 if host == "127.0.0.1" else 0)
    while True:
        try:
            with create_connection((host, port), timeout=5):
                return True
        except ConnectionRefusedError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.1)


def test_the_probe_would_see_a_server_on_every_address() -> None:
    with create_server(("0.0.0.0", 0)) as everywhere:  # noqa: S104  # for as long as this test looks
        assert answers("127.0.0.2", everywhere.getsockname()[1])


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
        browser.post(f"{address}/portal/enter", data={"person": "psy", "language": "en"}, timeout=60)
        form = browser.get(f"{address}/portal/open", timeout=60).text
        fields = dict(re.findall(r'name="(id_token|state)" value="([^"]+)"', form))
        action = re.search(r'action="([^"]+/lti/launch)"', form)
        assert action
        home = browser.post(action[1], data=fields, timeout=60)
        assert home.url == f"{address}/ent/"
        assert 'lang="en"' in home.text
        me = json.loads(browser.get(f"{address}/ent/me", timeout=60).text)
        assert me["profile"] == "staff"
        assert me["roles"] == ["listener"]
    house.database.engine.dispose()


def test_what_the_lycee_asked_in_the_past_is_what_its_head_lets_it_ask(tmp_path: Path) -> None:
    """The three sensitive questions are off there: no result of theirs may be read."""
    house = make_demo(tmp_path / "data", 8000, with_past=True).module.extensions["ent"]
    with house.database.reading() as db:
        school = establishments.by_uai(db, LYCEE)
        assert not sensitive.are_asked(db, school.id)
        asked = [campaigns.told(db, one) for one in campaigns.campaigns(db, school.id)]
    house.database.engine.dispose()
    assert asked
    assert not [item.id for one in asked for item in one.items(school.kind) if item.sensitive]
