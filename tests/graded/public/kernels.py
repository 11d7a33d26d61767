"""What a polynomial kernel keeps, whatever it is: it is a polynomial of the inner product, and symmetric.

Source: https://en.wikipedia.org/wiki/Polynomial_kernel, which the question names.
"""

import numpy as np

from autograder.scoring.public import near

D = 3
FOR_ROWS = "Your function fails for a table of vectors (N, D), so attention cannot use it as it is."


def kernel_promises(kernel, it, D=D):
    """Promises of `kernel`, a function of points (P, D) and (R, D) with values (P, R)."""
    random = np.random.default_rng(6)
    x, y = (random.standard_normal((8, D)) for _ in range(2))
    values = kernel(x, y)
    if values is None:
        return
    yield f"{it} has no value for some q and k.", np.shape(values) == (8, 8) and bool(np.isfinite(values).all())
    yield f"{it} changes when q and k change places.", near(values, kernel(y, x).T)
    inner = x @ y.T
    turned, _ = np.linalg.qr(random.standard_normal((D, D)))
    text = f"{it} is not a function of the inner product of q and k: turn both in the same way, and it changes."
    yield text, near(values, kernel(x @ turned, y @ turned))
    cubic = np.polynomial.Polynomial.fit(inner.ravel(), values.ravel(), 4, domain=[-1, 1], window=[-1, 1])
    constant, linear, square, *higher = cubic.coef
    size = max(1.0, float(np.abs(cubic.coef).max()))
    small = 1e-2 * size
    fits = near(cubic(inner), values, rtol=1e-2, atol=small)
    yield f"{it} is not a polynomial of degree 2 in the inner product.", fits and all(abs(c) < small for c in higher)
    yield f"{it} has a lower degree than 2 in the inner product.", abs(square) > small
    yield f"{it} has another factor than 1 before the square of the inner product.", abs(square - 1) < small
    text = f"{it} is not the square of the inner product with a constant: something is missing in between."
    yield text, abs(linear**2 - 4 * square * constant) < small
    yield f"{it} has another constant than 1.", any(abs(linear / 2 - known) < small for known in (0, 1))
