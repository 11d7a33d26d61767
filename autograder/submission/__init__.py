"""Finds the student's files in a folder or zip. Comes in: a path. Goes out: a frozen Submission.

Must never execute, import or evaluate any of it, never follow a link, and never write what it reads.
"""
