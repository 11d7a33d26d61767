"""What a worker gives up before it meets student code: one small module for each layer, `confine` for their order.

Comes in: a Confinement. Goes out: a Layer for each step, applied or with the reason why not. Runs in a freshly
forked worker, cannot be undone there, and must never run in the grader's own process.
"""
