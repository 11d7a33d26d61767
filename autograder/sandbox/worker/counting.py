"""Counts the work of tensor code as it passes torch's dispatcher, whatever it was written in.

A matrix product counts its multiply-adds exactly; every other operation counts one for each element of its largest
operand or result. Bytes moved are what an operation must read and write: broadcast inputs count once, views nothing.
Loops over vectors and one `einsum` therefore grow alike.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

Tensors = list[torch.Tensor]
Product = Callable[[Tensors, Tensors], int]


class Counter(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch's own method has no types
    """Counts between enter and exit. Results are not changed."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.multiply_adds = 0
        self.bytes_moved = 0
        self.bytes_allocated = 0
        self.operations = 0

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        # True, torch's default, would import all of torch._dynamo (a second or two) at the first operation.
        return False

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **kwargs) if kwargs else func(*args)
        kind = _kind_of(func)
        if not kind.is_free:
            inputs = _tensors((*args, *kwargs.values()) if kwargs else args)
            self._add(kind, inputs, _tensors((result,)))
        return result

    def totals(self) -> dict[str, int]:
        """Return the counts by name, as in `programs.COUNTS`."""
        return {
            "multiply_adds": self.multiply_adds,
            "bytes_moved": self.bytes_moved,
            "bytes_allocated": self.bytes_allocated,
            "operations": self.operations,
        }

    def _add(self, kind: "_Kind", inputs: Tensors, outputs: Tensors) -> None:
        written = sum(map(_distinct_bytes, outputs))
        self.operations += 1
        self.bytes_moved += written
        if not kind.is_mutable:
            self.bytes_allocated += written
        if not kind.is_creating:
            self.bytes_moved += sum(map(_distinct_bytes, inputs))
            self.multiply_adds += _multiply_adds(kind.product, inputs, outputs)


CREATING = frozenset(
    (
        *("empty", "empty_like", "empty_strided", "new_empty", "zeros", "zeros_like", "new_zeros"),
        *("ones", "ones_like", "new_ones", "full", "full_like", "new_full"),
        *("arange", "linspace", "eye", "scalar_tensor", "rand", "randn"),
    )
)


# Only other names for the same memory, although their schemas do not say so.
FREE = frozenset(("_unsafe_view", "lift_fresh", "detach", "alias", "_reshape_alias"))


def _matmul(inputs: Tensors, outputs: Tensors) -> int:
    """(…, n, k) @ (…, k, m): n * m * k for each of the batch. The inner length is the first operand's last."""
    return outputs[0].numel() * inputs[0].shape[-1]


def _added_matmul(inputs: Tensors, outputs: Tensors) -> int:
    """addmm(bias, a, b): the product, and one for each element that is added."""
    return outputs[0].numel() * (inputs[1].shape[-1] + 1)


def _batch_added_matmul(inputs: Tensors, outputs: Tensors) -> int:
    """addbmm(bias, a, b): as addmm, summed over the batch."""
    return outputs[0].numel() * (inputs[1].shape[0] * inputs[1].shape[-1] + 1)


def _dot(inputs: Tensors, _: Tensors) -> int:
    return inputs[0].numel()


def _convolution(inputs: Tensors, outputs: Tensors) -> int:
    """input, weight (out, in / groups, *kernel): every output element takes one filter."""
    return outputs[0].numel() * math.prod(inputs[1].shape[1:])


def _attention(inputs: Tensors, _: Tensors) -> int:
    """Q: (…, S, k), K: (…, P, k), V: (…, P, v): both products and the weights between them."""
    queries, keys, values = inputs[:3]
    scores = queries.numel() // max(queries.shape[-1], 1) * keys.shape[-2]
    return scores * (queries.shape[-1] + values.shape[-1] + 1)


PRODUCTS: dict[str, Product] = {
    **dict.fromkeys(("mm", "bmm", "mv", "matmul", "linear", "_int_mm"), _matmul),
    **dict.fromkeys(("addmm", "baddbmm", "addmv", "_addmm_activation", "addmm_", "baddbmm_", "addmv_"), _added_matmul),
    **dict.fromkeys(("addbmm", "addbmm_"), _batch_added_matmul),
    **dict.fromkeys(("dot", "vdot"), _dot),
    **dict.fromkeys(("convolution", "_convolution", "mkldnn_convolution"), _convolution),
    **dict.fromkeys(("_scaled_dot_product_flash_attention_for_cpu", "_scaled_dot_product_attention_math"), _attention),
}


@dataclass(frozen=True)
class _Kind:
    """What is to be known of an operation. `is_free`: it only gives memory another name."""

    is_free: bool
    is_creating: bool
    is_mutable: bool
    product: Product | None


@cache
def _kind_of(func: Any) -> _Kind:
    name = func.overloadpacket.__name__
    return _Kind(name in FREE or _is_view(func), name in CREATING, func._schema.is_mutable, PRODUCTS.get(name))


def _multiply_adds(product: Product | None, inputs: Tensors, outputs: Tensors) -> int:
    if product is not None and inputs and outputs:
        return product(inputs, outputs)
    return max((tensor.numel() for tensor in (*inputs, *outputs)), default=0)


def _is_view(func: Any) -> bool:
    """Whether the results only look at the inputs' memory: an alias of an argument that is not written to."""
    aliases = [returned.alias_info for returned in func._schema.returns]
    return bool(aliases) and all(alias is not None and not alias.is_write for alias in aliases)


def _distinct_bytes(tensor: torch.Tensor) -> int:
    """Bytes of a tensor's elements, those that a broadcast repeats counted once."""
    if tensor.layout is not torch.strided or tensor.is_contiguous():
        return tensor.numel() * tensor.element_size()
    dimensions = zip(tensor.shape, tensor.stride(), strict=True)
    return math.prod(length for length, stride in dimensions if stride or not length) * tensor.element_size()


def _tensors(values: Iterable[Any]) -> Tensors:
    found: Tensors = []
    for value in values:
        if isinstance(value, torch.Tensor):
            found.append(value)
        elif isinstance(value, list | tuple):
            found += _tensors(value)
    return found
