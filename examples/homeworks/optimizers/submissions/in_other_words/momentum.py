import torch


def momentum_step(x, v, g, learning_rate, momentum):
    speed = g + v * momentum
    out = torch.empty(2, x.numel())
    out[0] = x.sub(speed, alpha=learning_rate)
    out[1] = speed
    return out
