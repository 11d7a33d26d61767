"""Runs the graded suites. Comes in: a Submission's outcomes and the rubric. Goes out: a frozen ScoreSheet."""
