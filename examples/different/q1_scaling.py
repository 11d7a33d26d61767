import sympy

length = sympy.Symbol("d", positive=True)

expectation = r"$\mathbb{E}[q^\top k] = \langle \mu, \mu \rangle$"

# for any mean and deviation; at mu = 0 and sigma = 1 it is what is asked for
variance = r"d\sigma^4 + 2\sigma^2 \lVert \mu \rVert_2^2"

scale = length / sympy.sqrt(length)
