valley = "It is faster."
hours = "many"
