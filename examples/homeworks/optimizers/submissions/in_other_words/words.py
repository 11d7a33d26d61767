valley = """The loss is steep across the valley and flat along it. Plain steps bounce between the walls; the average
that momentum keeps has the bounces cancel, while the slow slope of the floor adds up."""
hours = "about 2-3"
