"""`python -m mofan_rules` is the command `mofan`."""

import sys

from mofan_rules.cli import main

sys.exit(main())
