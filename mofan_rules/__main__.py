"""`python -m mofan_rules` is the command `mofan`."""

import sys

from mofan_rules.cli import main

if __name__ == "__main__":  # the processes that work for `mofan serve` read this file too
    sys.exit(main())
