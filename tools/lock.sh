#!/bin/sh
# Pins every dependency with its hashes. No lock file holds an address: packages come from where the machine gets them.
set -eu
cd "$(dirname "$0")/.."
compile() { .venv/bin/uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --upgrade "$@"; }
compile --extra postgresql --extra keycloak --extra granian --extra fast --extra pdf --group dev pyproject.toml -o requirements.lock
compile --python-version 3.11 tools/openedx/requirements.in -o tools/openedx/requirements.lock
compile --python-version 3.11 tools/wapiti/requirements.in -o tools/wapiti/requirements.lock
if command -v npm >/dev/null; then npm update --silent --package-lock-only --no-audit --no-fund; fi
