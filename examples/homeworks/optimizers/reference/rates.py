"""Question 3: how many steps (Polyak, "Some methods of speeding up the convergence of iteration methods", 1964)."""

# Each step of gradient descent leaves at most 1 - 1 / kappa of the distance.
descent_steps = "O(kappa log r)"

# With momentum it is (sqrt(kappa) - 1) / (sqrt(kappa) + 1).
momentum_steps = "O(sqrt(kappa) log r)"

remembers = {"gradient descent": False, "momentum": True}
