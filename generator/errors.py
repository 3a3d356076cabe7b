"""What the pipeline raises when a person has to do something."""


class GeneratorError(Exception):
    """The run cannot go on; the message is one to three lines and ends with what to do next."""
