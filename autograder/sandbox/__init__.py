"""Runs student code in processes of its own.

Comes in: a Submission and requests. Goes out: Outcomes made of plain data. Must never let student code into a
process that knows an answer.
"""
