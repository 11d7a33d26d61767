sources = """Lecture slides; "Attention Is All You Need"; the einsum page of the PyTorch documentation"""
collaborators = "none"
hours = 7.5
