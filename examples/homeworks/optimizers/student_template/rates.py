"""Question 3: how many steps (5 points).

A loss is quadratic, and in every direction its second derivative lies between m and L, with 0 < m <= L. To divide the
distance to the minimum by r takes a number of steps that grows with r and with the condition number kappa = L / m.

Write each answer in big-O notation in L, m and r (or kappa and r), as text: "O(...)".
"""

# (a) [2 points] How many steps does gradient descent take, with the learning rate 1 / L?
descent_steps = None

# (b) [2 points] How many does it take with momentum, when the learning rate and the momentum are chosen as well as can
# be?
momentum_steps = None

# (c) [1 point] Which of them must remember something of the steps before, besides the parameters? True or False each.
remembers = {"gradient descent": None, "momentum": None}
