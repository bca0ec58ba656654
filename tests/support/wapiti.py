"""Runs wapiti, a scanner of web applications, from its own environment; nothing of it is imported."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

PROGRAM = Path(__file__).resolve().parents[2] / ".venv-wapiti" / "bin" / "wapiti"
MODULES = "cookieflags,crlf,csp,csrf,exec,file,http_headers,permanentxss,redirect,sql,timesql,xss,xxe"
"""What can be found without another machine: no module that has the server call out, none that guesses file names, none
for what we do not speak (LDAP, PHP)."""
QUICK = "cookieflags,crlf,csp,csrf,http_headers,redirect,sql,xss"


class WapitiMissingError(Exception):
    """The scanner's environment is not there; the message names the command that makes it."""

    def __init__(self) -> None:
        super().__init__("wapiti is not installed: make setup")


@dataclass(frozen=True)
class Report:
    """What one scan saw."""

    pages: int
    findings: list[str]
    """Category, method, path and parameter of each."""
    crashes: list[str]
    """Answers of 500 and requests that got none."""

    def without(self, *categories: str) -> list[str]:
        """The findings of all other categories."""
        return [one for one in self.findings if one.split(":")[0] not in categories]


def scan(
    address: str,
    folder: Path,
    *,
    modules: str = MODULES,
    cookie: str = "",
    leave: tuple[str, ...] = (),
    start: str = "",
    seconds: int = 20,
) -> Report:
    """Scans everything below an address as whoever has that cookie, each module for so many seconds at most; `leave`
    are addresses that it stays away from.

    Raises WapitiMissingError.
    """
    if not PROGRAM.is_file():
        raise WapitiMissingError
    out = folder / "report.json"
    command = [str(PROGRAM), "-u", address, "--scope", "folder", "-m", modules, "-f", "json", "-o", str(out)]
    command += ["--store-session", str(folder / "session"), "--store-config", str(folder / "config")]
    command += ["--flush-session", "--no-bugreport", "-v", "0", "-dr", "1", "-t", "30"]
    command += ["--max-links-per-page", "60", "--max-files-per-dir", "25", "--max-parameters", "30"]
    command += [part for one in leave for part in ("-x", one)]
    command += ["--max-attack-time", str(seconds)]
    command += ["-s", start] if start else []
    command += ["-H", f"Cookie: {cookie}"] if cookie else []
    subprocess.run(command, check=True, capture_output=True, timeout=900)
    found = json.loads(out.read_text("utf-8"))
    return Report(
        found["infos"]["crawled_pages_nbr"],
        _lines(found["vulnerabilities"]) + _lines(found["additionals"]),
        _lines(found["anomalies"]),
    )


def _lines(by_category: dict[str, list[dict[str, str]]]) -> list[str]:
    return [
        f"{category}: {one['method']} {one['path']} {one['parameter']} {one['info']}"
        for category, found in by_category.items()
        for one in found
    ]
