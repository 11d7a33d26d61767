"""Why an expression could not be taken apart. Internal to this package: its callers see values, never these."""


class Unsettled(Exception):
    """The exact method ends here without an answer; nothing follows about the expression."""


class TooLarge(Unsettled):
    """The work set aside for one expression is used up."""


class Unsupported(Unsettled):
    """A construction that the exact method has no rule for."""


class Undefined(Exception):
    """The expression has no real value, at a point or anywhere: a division by zero, the logarithm of zero."""


class Budget:
    """Counts down the steps that one expression may cost."""

    def __init__(self, steps: int) -> None:
        self._left = steps

    def spend(self, steps: int = 1) -> None:
        """Raise `TooLarge` once more steps were asked for than there were."""
        self._left -= steps
        if self._left < 0:
            raise TooLarge
