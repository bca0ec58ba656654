#!/bin/sh
# Makes a checkout ready, and does nothing where it is ready already.
#   tools/setup.sh run    .venv, for the demo and the checks
#   tools/setup.sh test   the same, what tests run beside us (Open edX, wapiti, Keycloak, blindrsa-ts), and system parts
# As root on Debian, missing system parts are installed; otherwise they are named, with the command to install them.
set -eu
cd "$(dirname "$0")/.."
exec 9<. && flock 9 # two setups of one checkout wait for each other

say() { printf '%s\n' "setup: $*"; }

# Debian packages given as arguments: installs them as root, else names them. True when they are there afterwards.
system_parts() {
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "installing $*"
    apt-get -qq update
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" \
      >/dev/null </dev/null 9<&- # a server that apt starts must not keep our lock
  else
    say "missing: $*. Install with: sudo apt-get install -y --no-install-recommends $*"
    return 1
  fi
}

# The first Python that is new enough and can make environments; empty where there is none.
find_python() {
  for python in python3.11 python3 /usr/bin/python3.11 /usr/bin/python3; do
    if "$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$python"
      return
    fi
  done
}

# What an environment was made from: these files, and the place where it stands.
fingerprint() { { pwd; cat "$@"; } | sha256sum; }

ready() { # ready ENVIRONMENT FINGERPRINT
  [ "$(cat "$1/.made-from" 2>/dev/null)" = "$2" ] && "$1/bin/python" -c '' 2>/dev/null
}

make_environment() {
  wanted=$(fingerprint requirements.lock pyproject.toml)
  if ready .venv "$wanted"; then return; fi
  say "making .venv"
  if ! .venv/bin/uv --version >/dev/null 2>&1 || ! .venv/bin/python -c '' 2>/dev/null; then
    python=$(find_python)
    if [ -z "$python" ]; then system_parts python3-venv && python=$(find_python); fi
    if [ -z "$python" ]; then say "Python 3.11 or newer with venv is needed"; exit 1; fi
    rm -rf .venv
    "$python" -m venv .venv
    # uv's own lines of the lock file, so that it too is checked by its hash
    awk '/^uv==/ { on = 1 } on { print } on && !/\\$/ { exit }' requirements.lock >.venv/uv.lock
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r .venv/uv.lock
  fi
  .venv/bin/uv pip sync -q --python .venv/bin/python --require-hashes requirements.lock
  .venv/bin/uv pip install -q --python .venv/bin/python --no-deps --no-build-isolation -e .
  echo "$wanted" >.venv/.made-from
}

# An environment of its own for a program that must not share ours: make_apart ENVIRONMENT LOCK
make_apart() {
  wanted=$(fingerprint "$2")
  if ready "$1" "$wanted"; then return; fi
  say "making $1"
  rm -rf "$1"
  .venv/bin/uv venv -q --no-project --python .venv/bin/python "$1"
  .venv/bin/uv pip sync -q --python "$1/bin/python" --require-hashes "$2"
  echo "$wanted" >"$1/.made-from"
}

# A real Keycloak from Maven Central, checked by its hash; Maven keeps the archive for the next checkout. It is built
# for a database in memory, so that each start of the tests takes seconds.
KEYCLOAK=26.7.5
KEYCLOAK_SHA256=30ef87fb7101c43d29688d1ae80c0588ff4a151b3330e9f664bf9692d398658a
KEYCLOAK_BUILD="--db=dev-mem --health-enabled=true"
make_keycloak() {
  wanted="$KEYCLOAK_SHA256 $KEYCLOAK_BUILD"
  if [ "$(cat .keycloak/.made-from 2>/dev/null)" = "$wanted" ]; then return; fi
  command -v mvn >/dev/null && command -v java >/dev/null || return 0 # named by test_parts
  say "making .keycloak"
  rm -rf .keycloak && mkdir .keycloak
  mvn -q -B -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy -Dmdep.useBaseVersion=true \
    -Dartifact="org.keycloak:keycloak-quarkus-dist:$KEYCLOAK:zip" -DoutputDirectory="$PWD/.keycloak" >/dev/null
  archive=.keycloak/keycloak-quarkus-dist-$KEYCLOAK.zip
  echo "$KEYCLOAK_SHA256  $archive" | sha256sum -c --quiet
  .venv/bin/python -m zipfile -e "$archive" .keycloak
  rm "$archive"
  mv ".keycloak/keycloak-$KEYCLOAK" .keycloak/server
  # shellcheck disable=SC2086
  bash .keycloak/server/bin/kc.sh build $KEYCLOAK_BUILD >/dev/null
  echo "$wanted" >.keycloak/.made-from
}

# What the browser's side is measured against; npm checks each package by the lock file's hash.
make_node_modules() {
  wanted=$(fingerprint package.json package-lock.json)
  if [ "$(cat node_modules/.made-from 2>/dev/null)" = "$wanted" ]; then return; fi
  command -v npm >/dev/null || return 0 # named by test_parts
  say "making node_modules"
  npm ci --silent --no-audit --no-fund
  echo "$wanted" >node_modules/.made-from
}

test_parts() {
  missing=
  command -v chromium >/dev/null || missing="$missing chromium"
  ls /usr/lib/*/libatomic.so.1 >/dev/null 2>&1 || missing="$missing libatomic1" # for Playwright's driver
  [ -x "${PG_BIN:-}/initdb" ] || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 ||
    [ -x "$(pg_config --bindir 2>/dev/null)/initdb" ] || missing="$missing postgresql"
  [ -d /usr/share/fonts/truetype/dejavu ] || missing="$missing fonts-dejavu-core"
  ls /usr/lib/*/libpangoft2-1.0.so.0 >/dev/null 2>&1 || missing="$missing libpangoft2-1.0-0" # for PDF files
  ls /usr/lib/*/libharfbuzz-subset.so.0 >/dev/null 2>&1 || missing="$missing libharfbuzz-subset0"
  [ -f /usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf ] || missing="$missing fonts-noto-core"
  command -v faketime >/dev/null || missing="$missing faketime" # moves the clock of a process
  command -v java >/dev/null || missing="$missing openjdk-17-jre-headless" # Debian 12 has no newer; 21 is better
  command -v mvn >/dev/null || missing="$missing maven"
  command -v npm >/dev/null || missing="$missing npm"
  # Without them their tests are skipped, each with its reason; only CI insists.
  # shellcheck disable=SC2086
  if [ -n "$missing" ]; then system_parts $missing || [ "${CI:-}" != true ]; fi
}

case "${1:-}" in
  run) make_environment ;;
  test)
    test_parts
    make_environment
    make_apart .venv-openedx tools/openedx/requirements.lock
    make_apart .venv-wapiti tools/wapiti/requirements.lock
    make_node_modules
    make_keycloak
    ;;
  *)
    sed -n '2,5s/^# //p' "$0"
    exit 2
    ;;
esac
