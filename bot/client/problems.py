"""What can go wrong with a call: the bot refused, it could not be reached, or time was up."""


class Refused(Exception):
    """The bot did not do it. `str(error)` says why and what next; `code` never changes its meaning."""

    def __init__(self, status: int, code: str, sentence: str, request: str | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.request = request
        """The command's id, where one was taken and then refused."""


class Unreachable(Exception):
    """The bot could not be reached, or is overloaded, after several tries."""


class TooLate(Exception):
    """The run goes on, but whoever waited had no more time."""

    def __init__(self, run_id: str, seconds: float) -> None:
        super().__init__(
            f"Run {run_id} was not over after {seconds:.0f} s. It goes on: `space-factory follow {run_id}` "
            "waits for its end."
        )
        self.run_id = run_id
