"""Equality of expressions.

Comes in: two typed trees and their names. Goes out: equal, not equal or undecided. Must never guess.
"""
