"""Where the reference's weights belong in a student's layer, whose parameters may have other names and shapes.

A weight "W_q.weight" goes into the first of these that there is:
    the parameter of its name
    the only free parameter of its shape under the same attribute: W_q.0.weight, or W_q itself, a bare matrix
    the only free parameter of its shape anywhere, if no other weight seeks one of that shape
A bare matrix is written x @ W, so it gets the weight of a linear layer (out, in) transposed; `turned` says otherwise.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.generic]
Shape = tuple[int, ...] | None  # None: not known before the layer is first used
Shapes = Mapping[str, Shape]
BIAS = ".bias"
MOST_PARAMETERS = 500


def shapes_from(data: Any) -> dict[str, Shape]:
    """The shapes that a worker told; none if it did not tell any, or more than a layer of a homework has."""
    pairs = data.items() if isinstance(data, dict) and len(data) <= MOST_PARAMETERS else ()
    return {name: shape if _is_shape(shape) else None for name, shape in pairs}


def _is_shape(data: Any) -> bool:
    return isinstance(data, tuple) and all(type(size) is int for size in data)


def without_lacking(shapes: Shapes, weights: Mapping[str, Array]) -> Mapping[str, Array]:
    """The weights with zeros for each bias that the layer has no place for: a layer without a bias adds none. Where
    none is lacking they are the same object.
    """
    found = match_names(shapes, weights)
    lacking = {name for name in weights if shapes and name.endswith(BIAS) and found[name] not in shapes}
    if not lacking:
        return weights
    return {name: np.zeros_like(value) if name in lacking else value for name, value in weights.items()}


def placed(shapes: Shapes, weights: Mapping[str, Array], *, turned: bool = False) -> dict[str, Array]:
    """The weights by the student's names, as the student's layer holds them. What has no place keeps its name."""
    matched = match_names(shapes, weights)
    return {
        matched[name]: _as_held(matched[name], name, value, turned)
        for name, value in weights.items()
        if matched[name] in shapes or not _is_no_bias(name, value)
    }


def unfit(shapes: Shapes, weights: Mapping[str, Array]) -> str | None:
    """The name of a placed weight whose shape is another than that of its place."""
    wrong = (name for name, value in weights.items() if shapes.get(name) not in (None, value.shape))
    return next(wrong, None)


def match_names(shapes: Shapes, weights: Mapping[str, Array]) -> dict[str, str]:
    """For each weight the parameter that it belongs into; its own name if there is none."""
    matched = {name: name for name in weights if name in shapes}
    if len(matched) == len(weights):
        return matched
    for seek in (_under_the_same_attribute, _alone_with_its_shape):
        for name in weights:
            if name not in matched:
                free = {other: shape for other, shape in shapes.items() if other not in matched.values()}
                rivals = {other: value for other, value in weights.items() if other not in matched}
                matched.update((name, place) for place in seek(name, free, rivals))
    return {name: matched.get(name, name) for name in weights}


def _under_the_same_attribute(name: str, free: Shapes, rivals: Mapping[str, Array]) -> Iterator[str]:
    attribute = name.partition(".")[0]
    bare = [attribute] if attribute in free and not name.endswith(BIAS) else []
    fitting = [place for place in free if place.startswith(f"{attribute}.") and free[place] == rivals[name].shape]
    if len(bare) + len(fitting) == 1:
        yield from (*bare, *fitting)


def _alone_with_its_shape(name: str, free: Shapes, rivals: Mapping[str, Array]) -> Iterator[str]:
    fitting = [place for place, shape in free.items() if shape == rivals[name].shape]
    seeking = [other for other, value in rivals.items() if value.shape == rivals[name].shape]
    if len(fitting) == len(seeking) == 1:
        yield from fitting


def _as_held(place: str, name: str, value: Array, turned: bool) -> Array:
    is_bare = "." not in place and "." in name and value.ndim == 2
    return np.ascontiguousarray(value.T) if is_bare and not turned else value


def _is_no_bias(name: str, value: Array) -> bool:
    return name.endswith(BIAS) and not value.any()
