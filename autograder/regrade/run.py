"""A run from its beginning to its end. That nothing has changed is seen before the judges are loaded."""

from contextlib import AbstractContextManager, ExitStack
from socket import socket
from typing import TYPE_CHECKING

from autograder.regrade.finished import Summary, summary_of
from autograder.regrade.judge_waiting import judge_waiting
from autograder.regrade.lock import only_run
from autograder.regrade.order import Order, Watcher
from autograder.regrade.store import FILE, open_store
from autograder.regrade.unchanged import is_unchanged, remember, state_of, was_finished
from autograder.settings import Limits

if TYPE_CHECKING:
    from autograder.regrade.first_graders import Waiting


def regrade(order: Order, watcher: Watcher, limits: Limits | None = None) -> Summary:
    """Bring `order.out` up to date. Raises UsageError, or EngineError where no grader can work."""
    limits = limits or Limits()
    with ExitStack() as stack:
        stack.enter_context(only_run(order.out))
        judge = stack.enter_context(judge_waiting(order, limits, _judge, wanted=(order.out / FILE).exists()))
        store = stack.enter_context(open_store(order.out))
        graders = None if was_finished(store) else stack.enter_context(_graders(order))
        state = state_of(order, limits)
        if (summary := is_unchanged(store, state, order.out)) is not None:
            return summary
        from autograder.regrade.conditions import Early
        from autograder.regrade.engine import bring_up_to_date  # it loads the judges: a fifth of a second

        early = Early(graders, judge)
        summary = summary_of(bring_up_to_date(order, store, watcher, limits, state.export, early))
        remember(store, state, order.out, summary)
        return summary


def _judge(stream: socket, order: Order, limits: Limits) -> None:
    from autograder.regrade.judging import judge_when_asked  # it loads the judges

    judge_when_asked(stream, order, limits)


def _graders(order: Order) -> "AbstractContextManager[Waiting]":
    from autograder.regrade.first_graders import graders_waiting  # it loads what starts processes

    return graders_waiting(order)
