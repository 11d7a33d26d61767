import math

descent_steps = r"\Theta\left(\frac{L}{m} \ln r\right)"
momentum_steps = "O(L^0.5 m^-0.5 (log2 r + 1))"
remembers = {"momentum": True, "gradient descent": bool(math.log(1))}
