descent_steps = "O(κ)"
momentum_steps = "O((L/m) log r)"
remembers = {"gradient descent": True, "momentum": True}
