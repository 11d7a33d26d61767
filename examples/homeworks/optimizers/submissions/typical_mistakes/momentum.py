import torch


def momentum_step(x, v, g, learning_rate, momentum):
    new_v = momentum * v + (1 - momentum) * g
    new_x = x - learning_rate * new_v
    return torch.stack([new_x, new_v])
