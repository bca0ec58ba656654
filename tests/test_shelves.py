from pathlib import Path

import pytest

from ent_module import shelves
from ent_module.shelves import SHELVES, shelf


@pytest.mark.parametrize("name", SHELVES)
def test_every_shelf_is_found_in_the_checkout(name: str) -> None:
    found = shelf(name)
    assert found.is_dir()
    assert found == Path(__file__).parents[1] / name


@pytest.mark.parametrize("name", ["", "ent_module", "..", "../surveys", "/etc", "tests"])
def test_nothing_else_is_a_shelf(name: str) -> None:
    with pytest.raises(LookupError):
        shelf(name)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site-packages folder with our package, and somebody else's `lti` beside it."""
    package = tmp_path / "site-packages" / "ent_module"
    (package.parent / "lti").mkdir(parents=True)
    package.mkdir()
    monkeypatch.setattr(shelves, "files", lambda _name: package)
    return package


def test_in_a_wheel_the_shelf_lies_inside_the_package(installed: Path) -> None:
    (installed / "_content" / "lti").mkdir(parents=True)
    assert shelf("lti") == installed / "_content" / "lti"


def test_somebody_elses_folder_is_never_read(installed: Path) -> None:
    assert (installed.parent / "lti").is_dir()
    with pytest.raises(FileNotFoundError):
        shelf("lti")


def test_inside_the_package_wins_over_the_folder_beside(installed: Path) -> None:
    (installed.parent / "pyproject.toml").touch()
    assert shelf("lti") == installed.parent / "lti"
    (installed / "_content" / "lti").mkdir(parents=True)
    assert shelf("lti") == installed / "_content" / "lti"
