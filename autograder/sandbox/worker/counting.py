"""Counts the work of tensor code as it passes torch's dispatcher, whatever it was written in.

A matrix product counts its multiply-adds exactly; every other operation counts one for each element of its largest
operand or result. Bytes moved are what an operation must read and write: broadcast inputs count once, views nothing.
Loops over vectors and one `einsum` therefore grow alike.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

Tensors = list[torch.Tensor]


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
        result = func(*args, **(kwargs or {}))
        self._add(func, list(_tensors(args)) + list(_tensors((kwargs or {}).values())), list(_tensors((result,))))
        return result

    def totals(self) -> dict[str, int]:
        """Return the counts by name, as in `programs.COUNTS`."""
        return {
            "multiply_adds": self.multiply_adds,
            "bytes_moved": self.bytes_moved,
            "bytes_allocated": self.bytes_allocated,
            "operations": self.operations,
        }

    def _add(self, func: Any, inputs: Tensors, outputs: Tensors) -> None:
        name = func.overloadpacket.__name__
        if name in FREE or _is_view(func):
            return
        self.operations += 1
        self.multiply_adds += _multiply_adds(name, inputs, outputs)
        read = 0 if name in CREATING else sum(map(_distinct_bytes, inputs))
        self.bytes_moved += read + sum(map(_distinct_bytes, outputs))
        if not func._schema.is_mutable:
            self.bytes_allocated += sum(map(_distinct_bytes, outputs))


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


PRODUCTS: dict[str, Callable[[Tensors, Tensors], int]] = {
    **dict.fromkeys(("mm", "bmm", "mv", "matmul", "linear", "_int_mm"), _matmul),
    **dict.fromkeys(("addmm", "baddbmm", "addmv", "_addmm_activation", "addmm_", "baddbmm_", "addmv_"), _added_matmul),
    **dict.fromkeys(("addbmm", "addbmm_"), _batch_added_matmul),
    **dict.fromkeys(("dot", "vdot"), _dot),
    **dict.fromkeys(("convolution", "_convolution", "mkldnn_convolution"), _convolution),
    **dict.fromkeys(("_scaled_dot_product_flash_attention_for_cpu", "_scaled_dot_product_attention_math"), _attention),
}


def _multiply_adds(name: str, inputs: Tensors, outputs: Tensors) -> int:
    if name in CREATING:
        return 0
    product = PRODUCTS.get(name)
    if product is not None and inputs and outputs:
        return product(inputs, outputs)
    return max((tensor.numel() for tensor in (*inputs, *outputs)), default=0)


def _is_view(func: Any) -> bool:
    """Whether the results only look at the inputs' memory: an alias of an argument that is not written to."""
    aliases = [returned.alias_info for returned in func._schema.returns]
    return bool(aliases) and all(alias is not None and not alias.is_write for alias in aliases)


def _distinct_bytes(tensor: torch.Tensor) -> int:
    """Bytes of a tensor's elements, those that a broadcast repeats counted once."""
    if tensor.layout is not torch.strided:
        return tensor.numel() * tensor.element_size()
    dimensions = zip(tensor.shape, tensor.stride(), strict=True)
    return math.prod(length for length, stride in dimensions if stride or not length) * tensor.element_size()


def _tensors(values: Iterable[Any]) -> Iterator[torch.Tensor]:
    for value in values:
        if isinstance(value, torch.Tensor):
            yield value
        elif isinstance(value, list | tuple):
            yield from _tensors(value)
