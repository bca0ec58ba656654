"""Addresses that no platform has: of this machine, of private networks, or of no machine at all."""

import ipaddress

import pytest

from ent_module.sign_in.addresses import AddressError, check_platform_address, is_public
from ent_module.sign_in.fetching import FetchError, fetch_json

LOCAL = (
    "http://platform.example/",
    "https://localhost/",
    "https://a.localhost/",
    "https://127.0.0.1/",
    "https://10.1.2.3/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::1]/",
    "https://[fd00::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://0.0.0.0/",
    "https://224.0.0.1/",
    "file:///etc/passwd",
    "ftp://platform.example/",
    "https://user:secret@platform.example/",
    "https://platform.example/#x",
    "https://platform.example/a b",
    "https://platform.example;script-src/",
    "https://platform.example\r\nX: y/",
    "https://platform.example:99999/",
    "https:///keys",
    "platform.example",
    "",
)


@pytest.mark.parametrize("url", LOCAL)
def test_addresses_that_no_platform_has_are_refused(url: str) -> None:
    with pytest.raises(AddressError):
        check_platform_address(url, allow_local=False)
    with pytest.raises(FetchError, match="address"):
        fetch_json(url, allow_local=False)


@pytest.mark.parametrize(
    "found",
    [
        ["127.0.0.1"],
        ["93.184.215.14", "10.0.0.1"],
        ["::1"],
        ["fe80::1%eth0"],
        ["::ffff:192.168.0.1"],
        ["64:ff9b::a00:1"],
        ["2002:a00:1::"],
        ["100.64.0.1"],
        ["240.0.0.1"],
        ["fec0::1"],
        ["ff02::1"],
        ["2001:db8::1"],
        ["::"],
    ],
)
def test_a_name_with_any_private_address_is_refused(found: list[str]) -> None:
    with pytest.raises(FetchError, match="private"):
        fetch_json("https://platform.example/keys", allow_local=False, resolve=lambda _host, _port: found)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:220:1::1", "64:ff9b::5db8:d70e"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


def test_every_private_network_is_known() -> None:
    for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16"):
        assert not is_public(str(ipaddress.ip_network(network)[7]))
