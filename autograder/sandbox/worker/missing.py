"""The one way in which an evaluation says that the submission lacks something."""


class Lacking(Exception):
    """The submission has no such module, attribute or function; `name` is dotted."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name
