"""Makes the two zips. Must never put an answer into the students' one."""
