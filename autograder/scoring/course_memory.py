"""What is the same for every submission, kept as long as the course: inputs, and what follows from them alone."""

import types
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import partial
from typing import Any, TypeVar

import numpy as np

from autograder.sandbox.protocol.array_digest import array_digest

Result = TypeVar("Result")
PLAIN = (str, bytes, int, float, bool, type(None), type, np.ufunc, types.BuiltinFunctionType)


class _NoRecipe(Exception):
    """A function holds something that is not known by its value."""


@dataclass(frozen=True)
class CourseMemory:
    """`made`: what the suites' methods gave, by what they are. `own`: those things and what is in them, by identity."""

    _made: dict[Hashable, tuple[Any, ...]] = field(default_factory=dict)
    _own: dict[int, object] = field(default_factory=dict)
    _alike: dict[Hashable, tuple[Any, ...]] = field(default_factory=dict)
    _followed: dict[Hashable, Any] = field(default_factory=dict)

    def made(self, key: Hashable, make: Callable[[], Iterable[Any]]) -> tuple[Any, ...]:
        """What `make` gave when it was first asked for under this key, as a tuple; its arrays are frozen. The same
        things under another key are the same tuple: what follows from them is found out once.
        """
        if key not in self._made:
            made = tuple(make())
            _freeze(made)
            made = self._alike.setdefault(_known_as(made), made)
            self._own.update((id(thing), thing) for thing in (made, *made))
            self._made[key] = made
        return self._made[key]

    def has(self, origin: object) -> bool:
        """Whether this was made here, and so is the same for every submission."""
        return id(origin) in self._own

    def following(self, origin: object, recipe: Hashable | None, work_out: Callable[[], Result]) -> Result:
        """What `work_out` gives: once, if it follows from something made here in a way that has a recipe."""
        if recipe is None or not self.has(origin):
            return work_out()
        key = (id(origin), recipe)
        if key not in self._followed:
            self._followed[key] = work_out()
        return self._followed[key]  # type: ignore[no-any-return]  # what this origin's recipe gave


def recipe(value: Any) -> Hashable | None:
    """By what a value is the same as one that is made anew for each submission: a function by its code and by what it
    holds. None for what holds anything but functions and plain values, such as the test itself.
    """
    try:
        return _recipe(value)
    except _NoRecipe:
        return None


def _recipe(value: Any) -> Hashable:
    if isinstance(value, PLAIN):
        return (type(value), value)
    match value:
        case types.FunctionType():
            cells = tuple(cell.cell_contents for cell in value.__closure__ or ())
            held = [part for part in (value.__defaults__, value.__kwdefaults__, cells) if part]
            return (value.__module__, value.__code__, *map(_recipe, held))
        case partial():
            return (partial, *map(_recipe, (value.func, value.args, value.keywords)))
        case tuple() | list():
            return (type(value), *map(_recipe, value))
        case dict():
            return (dict, *((key, _recipe(item)) for key, item in value.items()))
    raise _NoRecipe


def _known_as(made: tuple[Any, ...]) -> Hashable:
    try:
        return _content(made)
    except _NoRecipe:
        return id(made)


def _content(value: Any) -> Hashable:
    """By what a value is the same as another one in all that is in it. Raises _NoRecipe for what cannot be told so."""
    kind = type(value)
    if kind is np.ndarray:
        return _array_content(value)
    if isinstance(value, float):
        return (kind, value.hex())  # 0.0 is not -0.0
    if isinstance(value, PLAIN):
        return (kind, value)
    if kind in (tuple, list):
        return (kind, *map(_content, value))
    if kind is dict:
        return (kind, *((_content(key), _content(item)) for key, item in value.items()))
    if is_dataclass(value):
        return (kind, *(_content(getattr(value, item.name)) for item in fields(value)))
    return _recipe(value)


def _array_content(array: Any) -> Hashable:
    try:
        return (np.ndarray, array_digest(array))
    except TypeError as error:
        raise _NoRecipe from error


def _freeze(value: Any) -> None:
    """Makes every array in a value read-only, with what it is a view of."""
    if isinstance(value, np.ndarray):
        array: Any = value
        while isinstance(array, np.ndarray):
            array.flags.writeable = False
            array = array.base
    elif isinstance(value, Mapping):
        _freeze(tuple(value.values()))
    elif isinstance(value, tuple | list):
        for item in value:
            _freeze(item)
    elif is_dataclass(value) and not isinstance(value, type):
        _freeze([getattr(value, item.name) for item in fields(value)])
