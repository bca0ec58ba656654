from pathlib import Path

import pytest

from ent_module.config import ConfigurationError, Settings, checked, settings_from


def test_without_anything_it_is_the_embedded_installation() -> None:
    settings = settings_from({})
    assert settings == Settings()
    assert settings.resolved_database_url == "sqlite:///ent-data/ent.sqlite"
    assert settings.resolved_key_file == Path("ent-data/master.key")
    assert not settings.secure
    assert settings.check_uai
    assert not settings.allow_local_portals


def test_each_setting_is_read() -> None:
    settings = settings_from(
        {
            "ENT_PUBLIC_URL": "https://ent.example:8443",
            "ENT_URL_PREFIX": "/apps/ent",
            "ENT_DATABASE_URL": "postgresql+psycopg://ent@db/ent",
            "ENT_DATA_DIR": "/var/lib/ent",
            "ENT_KEY_FILE": "/run/credentials/ent.key",
            "ENT_SURFACE": "staff",
            "ENT_TITLE": "Vie",
            "ENT_SESSION_HOURS": "2",
            "ENT_CHECK_UAI": "no",
        }
    )
    assert settings.secure
    assert settings.url_prefix == "/apps/ent"
    assert settings.resolved_database_url == "postgresql+psycopg://ent@db/ent"
    assert settings.resolved_key_file == Path("/run/credentials/ent.key")
    assert (settings.surface, settings.title, settings.session_hours, settings.check_uai) == ("staff", "Vie", 2, False)


@pytest.mark.parametrize(("given", "asks"), [({}, True), ({"ENT_DESK_SECOND_FACTOR": "0"}, False)])
def test_the_desk_asks_for_a_code_unless_told_not_to(given: dict[str, str], asks: bool) -> None:
    assert settings_from(given).desk_second_factor is asks


@pytest.mark.parametrize("given", [{"ENT_DESK_HOURS": "13"}, {"ENT_DESK_IDLE_MINUTES": "4"}, {"ENT_DESK_HOURS": "0"}])
def test_the_desk_stays_open_for_a_limited_time(given: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="ENT_DESK"):
        settings_from(given)


def test_an_empty_variable_is_one_that_is_not_set() -> None:
    assert settings_from({"ENT_PUBLIC_URL": "", "ENT_SESSION_HOURS": ""}) == Settings()


def test_other_peoples_variables_are_left_alone() -> None:
    assert settings_from({"PUBLIC_URL": "https://evil.example", "ENT_UNKNOWN": "x"}) == Settings()


def test_every_setting_says_what_it_is_for() -> None:
    source = Path(str(settings_from.__code__.co_filename)).read_text("utf-8")
    for name in Settings.__dataclass_fields__:
        after = source.partition(f"\n    {name}: ")[2].splitlines()[1]
        assert after.strip().startswith('"""'), name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENT_PUBLIC_URL", "ent.example"),
        ("ENT_PUBLIC_URL", "ftp://ent.example"),
        ("ENT_PUBLIC_URL", "https://ent.example/por tal"),
        ("ENT_PUBLIC_URL", "https://ent.example//portal"),
        ("ENT_PUBLIC_URL", "https://ent.example/../portal"),
        ("ENT_PUBLIC_URL", "https://ent.example/?next=x"),
        ("ENT_PUBLIC_URL", "https://"),
        ("ENT_PUBLIC_URL", "http://ent.example"),
        ("ENT_URL_PREFIX", "ent"),
        ("ENT_URL_PREFIX", "/ent/"),
        ("ENT_URL_PREFIX", "/"),
        ("ENT_SURFACE", "both"),
        ("ENT_SESSION_HOURS", "0"),
        ("ENT_SESSION_HOURS", "25"),
        ("ENT_SESSION_HOURS", "-1"),
        ("ENT_SESSION_HOURS", "two"),
    ],
)
def test_what_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        settings_from({name: value})


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost", "http://[::1]:8000"])
def test_plain_http_on_this_machine_only(url: str) -> None:
    assert settings_from({"ENT_PUBLIC_URL": url}).public_url == url


def test_local_portals_never_go_with_a_public_address() -> None:
    with pytest.raises(ConfigurationError, match="ENT_ALLOW_LOCAL_PORTALS"):
        settings_from({"ENT_PUBLIC_URL": "https://ent.example", "ENT_ALLOW_LOCAL_PORTALS": "1"})
    assert settings_from({"ENT_ALLOW_LOCAL_PORTALS": "1"}).allow_local_portals


@pytest.mark.parametrize("value", ["0", "no", "off", "false", "perhaps"])
def test_a_permission_is_given_by_a_clear_yes_only(value: str) -> None:
    assert not settings_from({"ENT_ALLOW_LOCAL_PORTALS": value}).allow_local_portals


def test_settings_that_are_handed_in_are_checked_alike() -> None:
    with pytest.raises(ConfigurationError):
        checked(Settings(public_url="http://ent.example"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"ENT_SMTP_HOST": "mail.example"},
        {"ENT_SMTP_HOST": "mail.example", "ENT_SMTP_FROM": "nobody"},
        {"ENT_SMTP_SECURITY": "ssl"},
        {"ENT_SMTP_SECURITY": "none", "ENT_SMTP_USER": "ent"},
        {"ENT_SMTP_PORT": "0"},
        {"ENT_SMTP_TIMEOUT": "600"},
    ],
)
def test_a_mail_server_is_named_whole(wrong: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="ENT_SMTP_"):
        settings_from(wrong)


def test_the_password_of_the_mail_server_is_not_shown() -> None:
    found = settings_from({"ENT_SMTP_HOST": "m", "ENT_SMTP_FROM": "a@b", "ENT_SMTP_PASSWORD": "perroquet"})
    assert "perroquet" not in repr(found)
