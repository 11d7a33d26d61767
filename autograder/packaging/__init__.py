"""Makes the two zips. Comes in: a homework. Goes out: files. Must never put an answer into the students' one."""
