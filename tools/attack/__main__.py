"""python -m tools.attack: the attack on both databases, with as many classes as ATTACK_COHORTS says (1,000)."""

import sys

from tools.attack.both import main

if __name__ == "__main__":
    sys.exit(main())
