"""Finds a content folder (surveys, lessons, resources, translations, lti): in a wheel or in a checkout."""

from importlib.resources import files
from pathlib import Path

SHELVES = ("surveys", "lessons", "resources", "translations", "lti")


def shelf(name: str) -> Path:
    """The folder of that shelf. Raises FileNotFoundError where it is missing, LookupError for an unknown name.

    A wheel carries the shelves inside the package. Otherwise the folder beside a pyproject.toml counts: without
    that guard, somebody else's `site-packages/lti` would be read as ours.
    """
    if name not in SHELVES:
        raise LookupError(name)
    package = Path(str(files("ent_module")))
    for folder in (package / "_content" / name, package.parent / name):
        if folder.is_dir() and (folder.parent.name == "_content" or (package.parent / "pyproject.toml").is_file()):
            return folder
    raise FileNotFoundError(f"the shelf {name!r} is missing beside the package")
