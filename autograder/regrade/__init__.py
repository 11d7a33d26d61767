"""A whole class: an export goes in, a folder of grades comes out; it can be stopped and gone on with at any moment.

Comes in: a Gradescope export or a folder of submissions, a homework, and the store of earlier runs (`run.sqlite`).
Goes out: the store, and files that are made from it alone, byte for byte the same for the same store.
It never runs student code itself (its graders have sandboxes of their own), never extracts a member of a zip outside
its own temporary folder, and never reads back anything but plain data.
"""
