import torch

loss_derivative = r"1 - \sigma(z)"


def least_squares_gradient(X, y, w):
    return 2 * (X.T @ X @ w - X.T @ y) / len(y)
