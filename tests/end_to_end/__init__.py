"""The real command on whole submissions."""
