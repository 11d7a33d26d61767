"""A run from its beginning to its end. That nothing has changed is seen before the judges are loaded."""

from contextlib import ExitStack

from autograder.regrade.finished import Summary, summary_of
from autograder.regrade.first_graders import graders_waiting
from autograder.regrade.lock import only_run
from autograder.regrade.order import Order, Watcher
from autograder.regrade.store import open_store
from autograder.regrade.unchanged import is_unchanged, remember, state_of, was_finished
from autograder.settings import Limits


def regrade(order: Order, watcher: Watcher, limits: Limits | None = None) -> Summary:
    """Bring `order.out` up to date. Raises UsageError, or EngineError where no grader can work."""
    limits = limits or Limits()
    with ExitStack() as stack:
        stack.enter_context(only_run(order.out))
        store = stack.enter_context(open_store(order.out))
        waiting = stack.enter_context(graders_waiting(order, first=not was_finished(store)))
        state = state_of(order, limits)
        if (summary := is_unchanged(store, state, order.out)) is not None:
            return summary
        from autograder.regrade.engine import bring_up_to_date  # it loads the judges: half a second

        summary = summary_of(bring_up_to_date(order, store, watcher, limits, state.export, waiting))
        remember(store, state, order.out, summary)
        return summary
