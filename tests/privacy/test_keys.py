import stat
from pathlib import Path

import pytest

from ent_module.config import ConfigurationError
from ent_module.privacy.keys import MasterKey, load_master_key


def test_each_purpose_and_part_gives_its_own_key() -> None:
    key = MasterKey(bytes(32))
    made = {
        key.derive("a"),
        key.derive("b"),
        key.derive("a", b"x"),
        key.derive("a", b"x", b"y"),
        key.derive("a", b"xy"),
        key.derive("a", b"", b"xy"),
        MasterKey(bytes([1]) * 32).derive("a"),
    }
    assert len(made) == 7
    assert key.derive("a", b"x") == MasterKey(bytes(32)).derive("a", b"x")
    assert len(key.derive("a", length=16)) == 16


def test_the_representation_does_not_show_the_key() -> None:
    assert "secret" not in repr(MasterKey(b"secret" * 5 + b"12"))


def test_the_file_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "master.key"
    first = load_master_key(path, create=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_master_key(path, create=True).derive("a") == first.derive("a")
    assert load_master_key(path, create=False).derive("a") == first.derive("a")


def test_a_missing_or_short_file_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="ENT_KEY_FILE"):
        load_master_key(tmp_path / "none", create=False)
    (tmp_path / "short").write_bytes(b"x")
    with pytest.raises(ConfigurationError, match="32 bytes"):
        load_master_key(tmp_path / "short", create=False)
