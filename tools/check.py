"""Runs the checks one after the other, says how long each took, and stops at the first that fails.

python -m tools.check lint    everything that reads the sources
python -m tools.check all     the same, then all tests
"""

import json
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools import catalogues

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
LOCKS = ("requirements.lock", "tools/openedx/requirements.lock", "tools/wapiti/requirements.lock")
WORKERS = "2"


@dataclass(frozen=True)
class Stage:
    """A check: a program and its arguments, or a function that returns what is wrong."""

    name: str
    work: tuple[str, ...] | Callable[[], list[str]]
    shown: bool = False
    """Whether its output is shown while it runs, not only when it fails."""


def lock_mistakes(root: Path = ROOT) -> list[str]:
    """Lock files that hold an address, a package without hash, or lack a package that is asked for."""
    mistakes = []
    for name in LOCKS:
        text = (root / name).read_text(encoding="utf-8")
        if re.search(r"https?://|index-url", text):
            mistakes.append(f"{name}: holds an address: make it with `make lock`")
        packages = re.split(r"(?m)^(?=\w)", text)
        mistakes += [f"{name}: {p.split()[0]} has no hash" for p in packages if "==" in p and "sha256:" not in p]
    mistakes += node_lock_mistakes(root / "package-lock.json")
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*settings["project"]["dependencies"], *settings["dependency-groups"]["dev"]]
    for group in settings["project"]["optional-dependencies"].values():
        asked += group
    locked = (root / LOCKS[0]).read_text(encoding="utf-8")
    for requirement in asked:
        package = re.split(r"[^\w.-]", requirement)[0]
        if not re.search(rf"(?m)^{re.escape(package)}==", locked):
            mistakes.append(f"{LOCKS[0]}: {package} is missing: make it with `make lock`")
    return mistakes


def node_lock_mistakes(lock: Path) -> list[str]:
    """The same for npm's lock file, which is made with `npm install --package-lock-only`."""
    text = lock.read_text(encoding="utf-8")
    mistakes = [f"{lock.name}: holds an address: see .npmrc"] if re.search(r"https?://", text) else []
    packages = {name: package for name, package in json.loads(text)["packages"].items() if name}
    return mistakes + [f"{lock.name}: {name} has no hash" for name, one in packages.items() if "integrity" not in one]


def translation_mistakes() -> list[str]:
    """What is missing or wrong in the catalogues, by file and line."""
    return [str(mistake) for mistake in catalogues.check(catalogues.House(ROOT))]


LINT = (
    Stage("format", ("ruff", "format", "--check", "--quiet", ".")),
    Stage("lint", ("ruff", "check", "--quiet", ".")),
    Stage("types", ("mypy", "--no-error-summary")),
    Stage("templates", ("djlint", "ent_module", "--lint", "--quiet", "--allow-empty-input")),
    Stage("floors", ("lint-imports", "--no-logo")),
    Stage("translations", translation_mistakes),
    Stage("content", ("ent-module", "check-content")),
    Stage("locks", lock_mistakes),
)
TESTS = (
    Stage("tests", ("pytest", "-q", "-n", WORKERS, "--durations=10", "-m", "not browser and not scan"), shown=True),
    Stage("browser", ("pytest", "-q", "-n", WORKERS, "--durations=10", "-m", "browser and not scan"), shown=True),
)


def run(stage: Stage) -> bool:
    """Runs one stage; what it has to say is printed when it fails."""
    if callable(stage.work):
        mistakes = stage.work()
        if mistakes:
            print("", *mistakes, sep="\n")
        return not mistakes
    program, *arguments = stage.work
    done = subprocess.run(
        [BIN / program, *arguments],
        cwd=ROOT,
        check=False,
        text=True,
        stdout=None if stage.shown else subprocess.PIPE,
        stderr=None if stage.shown else subprocess.STDOUT,
    )
    if done.returncode and not stage.shown:
        print(f"\n{done.stdout}")
    return done.returncode == 0


def run_all(stages: tuple[Stage, ...], *, stop: bool) -> int:
    """Runs the stages in order, up to the first that fails if it is to stop there. Returns the exit code."""
    spent: dict[str, float] = {}
    failed = []
    for stage in stages:
        print(f"{stage.name:<14}", end="\n" if stage.shown else "", flush=True)
        start = time.monotonic()
        passed = run(stage)
        spent[stage.name] = time.monotonic() - start
        print(f"{'' if passed else 'FAILED after '}{spent[stage.name]:.1f} s", flush=True)
        if not passed:
            failed.append(stage.name)
            if stop:
                break
    print("\nTime: " + " · ".join(f"{name} {seconds:.0f} s" for name, seconds in spent.items()))
    outcome = f"Failed: {', '.join(failed)}" if failed else "All passed."
    print(f"Total: {sum(spent.values()):.0f} s. {outcome}")
    return 1 if failed else 0


def main(arguments: list[str]) -> int:
    """The command. Returns its exit code."""
    if arguments == ["lint"]:
        return run_all(LINT, stop=False)
    if arguments == ["all"]:
        return run_all(LINT + TESTS, stop=True)
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
