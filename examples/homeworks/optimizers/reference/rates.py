"""Question 3: how many steps (Nesterov, "Introductory Lectures on Convex Optimization", 2004, theorems 2.1.15, 2.2.2)."""

# Each step of gradient descent leaves at most (kappa - 1) / (kappa + 1) of the distance.
descent_steps = "O(kappa log r)"

# With momentum it is (sqrt(kappa) - 1) / (sqrt(kappa) + 1).
momentum_steps = "O(sqrt(kappa) log r)"

remembers = {"gradient descent": False, "momentum": True}
