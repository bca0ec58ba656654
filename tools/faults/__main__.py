"""python -m tools.faults: a closing that is killed at each statement, on both databases.

FAULTS_RUNS is how often at each statement (50); FAULTS_STATEMENTS, at how many that are drawn (all).
"""

import sys

from tools.faults.report import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
