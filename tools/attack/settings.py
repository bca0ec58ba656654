"""How an installation that is attacked is set: as it comes, with keys of its own."""

from pathlib import Path

from ent_module.config import Settings

KEY = bytes(range(7, 39))
"""The master key, which nothing that the attacker gets may hold."""


def settings(url: str, folder: Path) -> Settings:
    """The settings of an installation on that database, all else in that folder."""
    return Settings(
        public_url="https://ent.example",
        check_uai=False,
        database_url=url,
        data_dir=folder,
        key_file=folder / "master.key",
        key_store=folder / "survey-keys",
    )
