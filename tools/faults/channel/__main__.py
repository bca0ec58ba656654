"""python -m tools.faults.channel: what goes wrong while messages are sent, on both databases.

FAULTS_SHORT=1 is shorter.
"""

import sys

from tools.faults.channel.report import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
