"""Renders a ScoreSheet: one pure function a file. Must never judge."""
