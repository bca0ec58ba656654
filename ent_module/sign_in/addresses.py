"""Which addresses of portals are acceptable, to call or to send people to, and our own as portals know them."""

import ipaddress
from urllib.parse import urlsplit

from ent_module.config import Settings
from ent_module.web.headers import is_origin

_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class AddressError(ValueError):
    """An address of a platform cannot be used; the message says why."""


def origin_of(address: str) -> str:
    """The web origin of an address. Raises AddressError where it has none that a policy may name."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise AddressError(f"not an address: {address!r}") from None
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    origin = f"{parts.scheme}://{parts.hostname or ''}" + (f":{port}" if port not in {None, usual} else "")
    if not is_origin(origin):
        raise AddressError(f"not an address of a platform: {address!r} (wanted: https://platform.example/…)")
    return origin


def check_platform_address(address: str, *, allow_local: bool) -> None:
    """Raises AddressError unless it is https with a public name; `allow_local` admits this machine too.

    A name is looked up only when it is called (`fetching`), since it may mean another host by then.
    """
    plain = all(0x20 < ord(char) < 0x7F for char in address) and not {*'\\"<>^`{|}'} & {*address}
    if not plain or len(address) > 1000:
        raise AddressError(f"not an address: {address!r}")
    origin_of(address)
    parts = urlsplit(address)
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise AddressError(f"a platform's address carries no password and no fragment: {address!r}")
    if allow_local:
        return
    host = parts.hostname or ""
    if parts.scheme != "https" or host in _LOOPBACK_NAMES or host.endswith(".localhost"):
        raise AddressError(f"{address!r}: plain http and this machine need ENT_ALLOW_LOCAL_PORTALS=1")
    try:
        address_is_public = is_public(host)
    except ValueError:  # a name
        return
    if not address_is_public:
        raise AddressError(f"{address!r}: a private address needs ENT_ALLOW_LOCAL_PORTALS=1")


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet. Raises ValueError for what is no IP address.

    An IPv6 address that stands for an IPv4 one (mapped, 6to4, Teredo, NAT64) is judged by that too.
    """
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv4Address):
        return found.is_global and not found.is_multicast
    if found in _NAT64:
        return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    inner = [found.ipv4_mapped, found.sixtofour, *(found.teredo or ())]
    return found in _UNICAST and found.is_global and all(one is None or is_public(str(one)) for one in inner)


def tool_address(settings: Settings, path: str) -> str:
    """An address of ours as portals know it; from the settings, never from a Host header."""
    return f"{settings.public_url.rstrip('/')}{settings.url_prefix}{path}"
