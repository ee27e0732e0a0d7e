"""``python -m twinlock``: the command line."""

import sys

from twinlock.cli import main

if __name__ == "__main__":
    sys.exit(main())
