"""Two kinds of trouble: a UserError has a sentence for the person; everything else is ours."""


class UserError(Exception):
    """The request can't be granted. `str(error)` is the sentence the person reads; `code` its reason;
    `run_id` the run that has what was asked for already, if one does."""

    def __init__(self, code: str, sentence: str, run_id: str | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.run_id = run_id


class HubError(Exception):
    """The Hub answered a call with a refusal that trying again won't change."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"the Hub answered {status}: {message}")
        self.status = status
        self.message = message


class HubUnavailable(Exception):
    """The Hub could not be reached, was overloaded or asked us to wait. Try again later."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class TokenGone(Exception):
    """The requester's token has ended, was revoked or lacks a scope: they must sign in again."""


class TokenEndsSoon(TokenGone):
    """The requester's token is good, but not for long enough, and can't be renewed."""


class StaleWrite(Exception):
    """Another writer changed the row first; read it again."""


class LeaseLost(Exception):
    """Somebody else looks after this run now: whoever was held up may not act on it any more."""


class DiscordUnavailable(HubUnavailable):
    """Discord could not be reached, was overloaded or asked us to wait. Try again later."""
