"""What the report on a class says, gathered from a run. Comes in: a finished run and its store. Goes out: a
ClassReport. Must never change a mark.
"""
