"""Reads what students write.

Comes in: text, SymPy objects as plain data, source code. Goes out: typed trees, blanks, or refusals that say where.
Must never evaluate any of it.
"""
