"""`python -m space_factory`, where the command is not on the path."""

import sys

from .command_line import main

sys.exit(main())
