"""The lock files: no address, a hash for each package, and every package that is asked for."""

import json
import shutil
from pathlib import Path

import pytest

from tools.check import LOCKS, ROOT, lock_mistakes


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("pyproject.toml", "package-lock.json", *LOCKS):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_ours_are_good(root: Path) -> None:
    assert lock_mistakes(root) == []


@pytest.mark.parametrize("name", LOCKS)
@pytest.mark.parametrize("line", ["--index-url https://packages.example/simple", "--extra-index-url x", "# http://a"])
def test_an_address_is_named(root: Path, name: str, line: str) -> None:
    path = root / name
    path.write_text(f"{line}\n{path.read_text()}")
    assert any(mistake.startswith(f"{name}: holds an address") for mistake in lock_mistakes(root))


def test_a_package_without_hash_is_named(root: Path) -> None:
    path = root / LOCKS[0]
    path.write_text(f"{path.read_text()}stray==1.0\n    # via nothing\n")
    assert lock_mistakes(root) == [f"{LOCKS[0]}: stray==1.0 has no hash"]


def test_a_package_that_is_not_locked_is_named(root: Path) -> None:
    path = root / "pyproject.toml"
    path.write_text(path.read_text().replace('  "flask>=3.1.3",\n', '  "flask>=3.1.3",\n  "brand-new[extra]>=1",\n'))
    [mistake] = lock_mistakes(root)
    assert "brand-new is missing" in mistake


def test_npms_lock_holds_no_address_and_a_hash_for_each_package(root: Path) -> None:
    path = root / "package-lock.json"
    kept = json.loads(path.read_text())
    name, package = next((name, package) for name, package in kept["packages"].items() if name)
    package["resolved"] = "https://packages.example/one.tgz"
    del package["integrity"]
    path.write_text(json.dumps(kept))
    assert lock_mistakes(root) == [
        "package-lock.json: holds an address: see .npmrc",
        f"package-lock.json: {name} has no hash",
    ]
