"""What is published: one package that carries the content, and a source archive from which the same is built."""

import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHELVES = ("surveys", "lessons", "resources", "translations", "lti")


def build(where: Path, kind: str, into: Path) -> Path:
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", into], cwd=where, check=True)
    [built] = into.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    return zipfile.ZipFile(build(ROOT, "wheel", tmp_path_factory.mktemp("wheel")))


def committed(folder: str) -> set[str]:
    """The files of a folder that are there and not ignored."""
    names = ["git", "ls-files", "--cached", "--others", "--exclude-standard", folder]
    listed = subprocess.run(names, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return {name for name in listed if (ROOT / name).is_file()}


def test_nothing_lands_beside_the_package(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"ent_module"}


@pytest.mark.parametrize("shelf", SHELVES)
def test_the_wheel_carries_each_shelf(wheel: zipfile.ZipFile, shelf: str) -> None:
    carried = {name for name in wheel.namelist() if name.startswith(f"ent_module/_content/{shelf}/")}
    assert carried == {f"ent_module/_content/{name}" for name in committed(shelf)} != set()


def test_the_wheel_carries_the_whole_program(wheel: zipfile.ZipFile) -> None:
    assert committed("ent_module") <= set(wheel.namelist())


def test_the_commands_are_announced(wheel: zipfile.ZipFile) -> None:
    [name] = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    text = wheel.read(name).decode()
    for line in (
        "ent-module = ent_module.cli:main",
        "ent = ent_module.cli:group",
        "demo = ent_module.demo.command:demo",
    ):
        assert line in text


def test_what_is_asked_for_is_named(wheel: zipfile.ZipFile) -> None:
    [name] = [name for name in wheel.namelist() if name.endswith("METADATA")]
    asked = Parser().parsestr(wheel.read(name).decode()).get_all("Requires-Dist", [])
    assert any(line.startswith("flask>=") for line in asked)
    assert not any(line.startswith("pytest") for line in asked)


def test_the_archive_of_the_sources_builds_the_same_wheel(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    archive = build(ROOT, "sdist", tmp_path / "sdist")
    (tmp_path / "sources").mkdir()
    # Not Python's tarfile: Debian's 3.11.2 does not know the filter that later versions insist on.
    subprocess.run(["tar", "-xf", archive, "-C", tmp_path / "sources"], check=True)
    [sources] = (tmp_path / "sources").iterdir()
    again = zipfile.ZipFile(build(sources, "wheel", tmp_path / "wheel"))
    assert sorted(again.namelist()) == sorted(wheel.namelist())
