"""Whether a feature map has a given kernel: phi(q) . phi(k) = K(q, k), in any order, sign or redundant form."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks.failures import data_or_failure, wrong_type
from autograder.checks.verdict import Fact, Verdict, right, wrong
from autograder.sandbox.outcome import Outcome

Array = NDArray[Any]
Kernel = Callable[[Array, Array], Array]
RTOL, ATOL = 1e-3, 1e-3  # float32 features: products of up to a hundred terms
LEAST_WEIGHT = 1e-3
MOST_FEATURES = 512


@dataclass(frozen=True)
class Gram:
    """Features (P, L) of P points and the kernel's values (P, P) at all pairs."""

    features: Array
    values: Array

    @property
    def agrees(self) -> bool:
        return np.allclose(self.features @ self.features.T, self.values, rtol=RTOL, atol=ATOL)

    @property
    def agrees_reweighted(self) -> bool:
        """Whether positive weights w exist with sum_l w_l phi_l(q) phi_l(k) = K(q, k): the monomials are right."""
        first, second = np.triu_indices(len(self.features))
        products = self.features[first] * self.features[second]  # (pairs, L)
        if products.shape[1] > min(MOST_FEATURES, products.shape[0]):
            return False
        weights, *_ = np.linalg.lstsq(products, self.values[first, second], rcond=None)
        fits = np.allclose(products @ weights, self.values[first, second], rtol=RTOL, atol=ATOL)
        return bool(fits and (weights > LEAST_WEIGHT).all())


def judge_feature_map(
    kernel: Kernel, points: Sequence[Array], features: Sequence[Outcome], *, wrong_weights: Verdict
) -> Verdict:
    """`points` are (P, D) inputs, `features` what became of them, (P, L). `wrong_weights` is the verdict on the right
    monomials with wrong weights.
    """
    grams = [_gram(kernel, x, outcome) for x, outcome in zip(points, features, strict=True)]
    refusal = next((gram for gram in grams if isinstance(gram, Verdict)), None)
    if refusal is not None:
        return refusal
    valid = [gram for gram in grams if isinstance(gram, Gram)]
    if all(gram.agrees for gram in valid):
        return right()
    if all(gram.agrees_reweighted for gram in valid):
        return wrong_weights
    return wrong(Fact("another_kernel"))


def _gram(kernel: Kernel, points: Array, outcome: Outcome) -> Gram | Verdict:
    data = data_or_failure(outcome)
    if isinstance(data, Verdict):
        return data
    if not isinstance(data, np.ndarray) or data.dtype.kind not in "fiu":
        return wrong_type(data, expected="a tensor of features")
    if data.ndim != 2 or data.shape[0] != points.shape[0]:
        return wrong(Fact("features_shape", {"input": points.shape, "actual": data.shape}))
    if not np.isfinite(data).all():
        return wrong(Fact("not_finite"))
    exact = points.astype(np.float64)
    return Gram(data.astype(np.float64), kernel(exact, exact))
