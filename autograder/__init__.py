"""An autograder for homework on attention and transformers, and for the next one.

Comes in: a student's folder or zip. Goes out: a score sheet that says, part by part, what was
earned and why. `pipeline.py` shows the stages in order; read it first.
"""
