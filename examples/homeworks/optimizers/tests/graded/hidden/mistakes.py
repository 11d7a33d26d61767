"""What typical mistakes compute; what students read of them stands in rubric.toml under the same names."""

import numpy as np


def step(velocity, position):
    """A step (x, v, g, learning rate, momentum) with another rule for the velocity or for the parameters."""

    def wrong(x, v, g, learning_rate, momentum):
        new_v = velocity(v, g, momentum)
        return np.stack([position(x, v, new_v, g, learning_rate, momentum), new_v])

    return wrong


def right_velocity(v, g, momentum):
    return momentum * v + g


def right_position(x, v, new_v, g, learning_rate, momentum):
    return x - learning_rate * new_v


STEP = {
    "velocity_is_an_average": step(lambda v, g, b: b * v + (1 - b) * g, right_position),
    "no_momentum": step(lambda v, g, b: g, right_position),
    "old_velocity": step(right_velocity, lambda x, v, new_v, g, a, b: x - a * v),
    "uphill": step(right_velocity, lambda x, v, new_v, g, a, b: x + a * new_v),
    "looks_ahead": step(right_velocity, lambda x, v, new_v, g, a, b: x - a * (b * new_v + g)),
}
GRADIENT = {
    "not_averaged": lambda X, y, w: X.T @ (X @ w - y),
    "factor_two": lambda X, y, w: 2 * X.T @ (X @ w - y) / len(y),
    "residual_reversed": lambda X, y, w: X.T @ (y - X @ w) / len(y),
}
