"""Turns what arrived into what student code expects: tensors, layers, stand-ins, modules with given weights."""

import math
from types import SimpleNamespace
from typing import Any

import torch
from torch.nn.parameter import is_lazy

from autograder.sandbox.protocol.frames import Array
from autograder.sandbox.worker.missing import Lacking


def tensors(data: Any) -> Any:
    """Return plain data with every numeric array in it turned into a fresh tensor; text arrays stay NumPy's."""
    if isinstance(data, tuple):
        return tuple(tensors(item) for item in data)
    if isinstance(data, dict):
        return {key: tensors(item) for key, item in data.items()}
    if hasattr(data, "dtype"):
        return data.copy() if data.dtype.kind == "U" else in_default_precision(torch.from_numpy(data.copy()))
    return data


def in_default_precision(tensor: torch.Tensor) -> torch.Tensor:
    """Return float32 numbers as float64 where a student's module has made that the default: layers have it too."""
    widened = tensor.dtype == torch.float32 and torch.get_default_dtype() == torch.float64
    return tensor.double() if widened else tensor


def linear(weight: Array, bias: Array | None) -> torch.nn.Linear:
    """Return a Linear in evaluation mode. weight: (out, in), bias: (out,) or None."""
    layer = torch.nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
    values = {"weight": weight} if bias is None else {"weight": weight, "bias": bias}
    overwrite(layer, tuple(values.items()))
    return layer.eval()


def overwrite(instance: torch.nn.Module, weights: tuple[tuple[str, Array], ...]) -> None:
    """Copy the arrays into the named parameters or buffers. Raises Lacking for a name, ValueError for a shape.

    A lazy parameter takes the array's shape, as it does in `load_state_dict`.
    """
    with torch.no_grad():
        for name, array in weights:
            target = _tensor_named(instance, name)
            if is_lazy(target):
                target.materialize(array.shape)
            if tuple(target.shape) != array.shape:
                raise ValueError(f"{name} has another shape")
            target.copy_(torch.from_numpy(array.copy()))


def parameter_shapes(instance: torch.nn.Module) -> dict[str, tuple[int, ...] | None]:
    """Return the shape of every parameter by each of its names; None for a lazy one, which has no shape yet."""
    parameters: Any = instance.named_parameters(remove_duplicate=False)  # Any: to mypy no parameter is lazy
    return {name: None if is_lazy(parameter) else tuple(parameter.shape) for name, parameter in parameters}


def stand_in(attributes: dict[str, Any]) -> SimpleNamespace:
    """Return a plain object with these attributes."""
    return SimpleNamespace(**attributes)


def snippet(source: str) -> Any:
    """Evaluate a suite's own expression. Only the grader's side sends these; student text never comes here."""
    return eval(source, {"torch": torch, "math": math, "F": torch.nn.functional})  # noqa: S307


def as_module(instance: Any) -> torch.nn.Module:
    """Return the instance if it is an nn.Module, else raise TypeError."""
    if not isinstance(instance, torch.nn.Module):
        raise TypeError("not an nn.Module")
    return instance


def _tensor_named(instance: torch.nn.Module, name: str) -> torch.Tensor:
    found: Any = instance
    for step in name.split("."):
        found = getattr(found, step, None)
    if not isinstance(found, torch.Tensor):
        raise Lacking(name)
    return found
