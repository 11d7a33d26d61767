"""The process that runs one module of one submission. Comes in: programs. Goes out: replies of plain data.

Everything in this process belongs to the student's code as soon as it has run: nothing here guards a secret, and the
grader believes none of it. Imports nothing of ours but the protocol and the limits.
"""
