"""What a person is told when there is no part: what happened, and what to do."""


class Trouble(Exception):
    """Its text is a sentence for the person."""


class TooMany(Trouble):
    """Asked too often; to be asked again later."""
