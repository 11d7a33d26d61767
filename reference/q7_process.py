"""Question 7: how the homework was done."""

sources = "The lecture notes on attention, the papers that the homework cites, and the PyTorch and SymPy documentation."
collaborators = "None: this is the course staff's own solution."
hours = 6
