"""What is published, installed as somebody else would: wheel, sources, editable. Run from an empty folder.

The environment is a fresh one. It finds what the module needs in the tests' own, since nothing may come from the
network, but not the module: that is only what was installed.
"""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest
import requests

from tests.support.server import open_port
from tests.test_packages import ROOT, SHELVES, committed

BIN = Path(sys.executable).parent
PACKAGES = next(Path(path) for path in sys.path if path.endswith("site-packages"))
LEFT_BEHIND = (
    "ent_module/__pycache__/config.cpython-311.pyc",
    "lti/__pycache__/x.pyc",
    "ent-data/ent.sqlite",
    "ent-data/master.key",
    ".demo/ent.sqlite",
    ".demo/portal.pem",
    "dist/old.whl",
)
"""Files that lie about in a checkout in which somebody works."""


def run(*words: str | Path, cwd: Path, **env: str) -> str:
    done = subprocess.run(
        words,
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin", "HOME": str(cwd), **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout in which somebody has worked."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in committed("."):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, copy / name)
    for name in LEFT_BEHIND:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes(b"left behind")
    return copy


@pytest.fixture(scope="module")
def published(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the archive of the sources, and with the wheel that was built from that archive."""
    folder = tmp_path_factory.mktemp("published")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, checkout, cwd=folder)
    return folder


@dataclass(frozen=True)
class Installed:
    """An environment in which the module is installed, an empty folder to work in, and where its content must be."""

    bin: Path
    folder: Path
    content: Path

    def ent(self, *words: str) -> str:
        return run(self.bin / "ent-module", *words, cwd=self.folder)


@pytest.fixture(scope="module", params=["wheel", "sources", "editable"])
def installed(
    request: pytest.FixtureRequest, checkout: Path, published: Path, tmp_path_factory: pytest.TempPathFactory
) -> Installed:
    folder = tmp_path_factory.mktemp(request.param)
    venv, needed, empty = folder / "venv", folder / "needed", folder / "empty"
    run(BIN / "uv", "venv", "--offline", "--python", sys.executable, venv, cwd=folder)
    [packages] = venv.glob("lib/*/site-packages")
    needed.mkdir()
    for path in PACKAGES.iterdir():
        if not re.search(r"ent_module|^__editable__", path.name):
            (needed / path.name).symlink_to(path)
    (packages / "needed.pth").write_text(str(needed))
    what = {
        "wheel": [str(one) for one in published.glob("*.whl")],
        "sources": [str(one) for one in published.glob("*.tar.gz")],
        "editable": ["--editable", str(checkout)],
    }[request.param]
    plainly = ("--offline", "--no-index", "--no-deps", "--no-build-isolation")
    run(BIN / "uv", "pip", "install", "--python", venv / "bin" / "python", *plainly, *what, cwd=folder)
    empty.mkdir()
    content = checkout if request.param == "editable" else packages / "ent_module" / "_content"
    return Installed(venv / "bin", empty, content)


def test_the_wheel_holds_the_package_and_nothing_that_lay_about(published: Path) -> None:
    [wheel] = published.glob("*.whl")
    names = ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names} == {"ent_module", "ent_module-0.1.0.dist-info"}
    for name in names:
        assert not re.search(r"(^|/)(tests?|__pycache__|\.demo|ent-data|dist)/|\.(pyc|sqlite|key|pem|secret)$", name), (
            name
        )
    assert any(name.endswith("/demo/command.py") for name in names)  # control: the demo's program is there


def test_the_sources_hold_nothing_that_lay_about(published: Path) -> None:
    [archive] = published.glob("*.tar.gz")
    listed = run("tar", "-tf", archive, cwd=published).splitlines()
    assert any(name.endswith("/lessons/units.yaml") for name in listed)
    assert not [name for name in listed for left in LEFT_BEHIND if name.endswith(f"/{left}")]


def test_its_content_is_what_was_installed(installed: Installed) -> None:
    ask = "from ent_module.shelves import *; print(*map(shelf, SHELVES), sep='\\n')"
    found = run(installed.bin / "python", "-c", ask, cwd=installed.folder).splitlines()
    assert found == [str(installed.content / name) for name in SHELVES]
    assert "no mistake" in installed.ent("check-content")


def test_it_serves_from_an_empty_folder(installed: Installed) -> None:
    assert list(installed.folder.iterdir()) == []
    assert "up to date" in installed.ent("upgrade")
    with serving(installed) as address:
        home = text(f"{address}/ent/", "fr")
        assert "3018" in home
        assert "Quitter vite" in home
        arabic = text(f"{address}/ent/", "ar")
        assert 'dir="rtl"' in arabic
        assert "Quitter vite" not in arabic
        for asset in ("web/ent.css", "web/leave.js", "web/icon.svg"):
            [found] = re.findall(rf'(?:href|src)="(/ent/static/[^"]*{re.escape(asset)})"', home)
            answer = requests.get(f"{address}{found}", timeout=60)
            assert (answer.status_code, len(answer.content) > 100) == (200, True)
            assert "immutable" in answer.headers["Cache-Control"]
    assert {path.name for path in installed.folder.iterdir()} <= {"ent-data", ".cache"}


@contextmanager
def serving(installed: Installed) -> Iterator[str]:
    """`ent-module serve` in the empty folder, until the block ends."""
    taken, address = open_port()
    taken.close()
    port = address.rpartition(":")[2]
    words = [str(installed.bin / "ent-module"), "serve", "--port", port]
    env = {"PATH": "/usr/bin:/bin", "ENT_PUBLIC_URL": address}
    with subprocess.Popen(words, cwd=installed.folder, env=env, stderr=subprocess.PIPE) as program:
        try:
            for _attempt in range(1200):
                assert program.poll() is None, program.stderr and program.stderr.read().decode()
                try:
                    requests.get(f"{address}/ent/healthz", timeout=60)
                    break
                except requests.ConnectionError:
                    time.sleep(0.1)
            yield address
        finally:
            program.terminate()


def text(address: str, language: str) -> str:
    return requests.get(address, headers={"Accept-Language": language}, timeout=60).text
