"""Judges. Comes in: expected and actual. Goes out: a Verdict. Pure: must never run code, read files or word."""
