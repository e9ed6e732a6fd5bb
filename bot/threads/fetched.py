"""A thread in which nothing is sent: a script fetches its answers, which are made of the rows as they are."""


class FetchedThread:
    """What would be said is the decision's sentence and the run's state, and both are rows."""

    def find(self, marker: str, but: str | None = None) -> str | None:
        return None

    def post(self, text: str) -> str:
        return "fetched"

    def remove(self, message_id: str) -> None:
        pass

    def edit(self, message_id: str, text: str) -> bool:
        return True
