"""The report on a class as one page. Comes in: a ClassReport. Goes out: HTML. Must never look anything up itself."""
