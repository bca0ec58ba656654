"""The PostgreSQL server that is attacked: private, like the one of the tests, and set as a server is out of the box.

python -m tools.attack.cluster OWNER FOLDER PROGRAMS keeps it, for as long as the process OWNER lives.
"""

import sys
from functools import cache
from pathlib import Path

from tests.support import keeper, postgres, postgres_keeper

KEPT = keeper.Kind("PostgreSQL", "pga", "tools.attack.cluster", patience=60)
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",  # nothing is to outlast the machine; what is written stays the same
    "max_connections": "40",
    "wal_keep_size": "1GB",  # old WAL is kept, as an archive would keep it
    "timezone": "UTC",
}


@cache
def cluster() -> postgres.Cluster:
    """The run's server, started if nobody has asked before. Raises PostgresMissingError."""
    where = postgres.programs()
    prepare = postgres._prepare  # noqa: SLF001  # the server is started as the tests' own is
    return postgres.Cluster(KEPT.running(keeper.owner(), lambda folder: prepare(folder, where)))


def server_log() -> Path:
    """What the server logs."""
    return cluster().folder.with_suffix(".log")


if __name__ == "__main__":
    postgres_keeper.SETTINGS.clear()
    postgres_keeper.SETTINGS.update(SETTINGS)
    postgres_keeper.main(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
