"""What crosses between the grader and a worker: frames of strict JSON and raw array bytes.

Comes in: programs (requests) and plain data. Goes out: bytes, and back again. Must never unpickle, evaluate or
import anything, and must never import torch: the grader's own process reads these bytes.
"""
