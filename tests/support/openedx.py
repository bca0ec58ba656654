"""Speaks with tests/openedx/platform.py: Open edX's real LTI 1.3 code, in a process and an environment of its own."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qsl, urlsplit

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-openedx" / "bin" / "python"
SCRIPT = ROOT / "tests" / "openedx" / "platform.py"


class OpenEdxMissingError(Exception):
    """The environment with Open edX's code is not there; the message names the command that makes it."""

    def __init__(self) -> None:
        super().__init__("Open edX's platform code is not installed: make setup")


class RefusedError(Exception):
    """Open edX's code refused, by an exception of that name."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind


class OpenEdx:
    """A running platform."""

    def __init__(self, requests: IO[str], answers: IO[str]) -> None:
        self._requests = requests
        self._answers = answers

    def register(self, login_url: str, launch_url: str, **more: str) -> dict[str, str]:
        """Registers a tool. Returns issuer, client_id, deployment_id, auth_url, token_url and jwks_url."""
        return self._ask("register", login_url=login_url, launch_url=launch_url, **more)

    def preflight(self, user_id: str, user_role: str | None, resource_link_id: str = "menu", **more: Any) -> str:
        """The address at the tool to which the browser is sent first.

        `user_role` is one of Open edX's words (student, instructor, staff, global_staff …) or None, `more` are
        fields of its Lti1p3LaunchData: name, email, context_id, context_title, context_type, custom_parameters …
        """
        launch = {"user_id": user_id, "user_role": user_role, "resource_link_id": resource_link_id, **more}
        return str(self._ask("preflight", launch=launch)["url"])

    def launch(self, redirect: str | dict[str, str]) -> tuple[str, dict[str, str]]:
        """Answers the tool's redirect (its address, or its query): where the browser posts, and which form.

        Raises RefusedError where Open edX refuses.
        """
        query = redirect if isinstance(redirect, dict) else dict(parse_qsl(urlsplit(redirect).query))
        answer = self._ask("launch", query=query)
        return answer["action"], answer["form"]

    def jwks(self) -> dict[str, Any]:
        """The public keys."""
        return self._ask("jwks")

    def rotate(self) -> str:
        """Signs with a new key from now on; returns its kid."""
        return str(self._ask("rotate")["kid"])

    def _ask(self, verb: str, **values: Any) -> dict[str, Any]:
        self._requests.write(json.dumps({"do": verb, **values}) + "\n")
        self._requests.flush()
        answer: dict[str, Any] = json.loads(self._answers.readline())
        if "error" in answer:
            raise RefusedError(answer["error"], answer["message"])
        return answer


@contextmanager
def running() -> Iterator[OpenEdx]:
    """A platform that lives as long as the block. Raises OpenEdxMissingError."""
    if not PYTHON.exists():
        raise OpenEdxMissingError
    with subprocess.Popen(
        [PYTHON, "-I", SCRIPT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise AssertionError("both were asked for")
        yield OpenEdx(process.stdin, process.stdout)
        process.stdin.close()
        process.wait(timeout=30)
