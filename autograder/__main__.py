"""`python -m autograder`."""

import gc
import sys

try:
    if sys.argv[1:2] == ["regrade"]:  # before anything else is imported, because it begins anew
        from autograder.regrade.steady import become_steady

        become_steady()

    # Nearly all that a command makes is modules, classes and what a homework says, and stays to the end: little is to
    # be collected on the way, and nothing at the end. Without these two, SymPy alone costs half as much again.
    gc.set_threshold(100_000, 10, 10)

    from autograder.cli import main
except KeyboardInterrupt:
    sys.exit(130)  # nothing has begun

code = main()
gc.freeze()
sys.exit(code)
