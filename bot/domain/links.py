"""Addresses of the things people want to open, on the Hub and on this bot."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.models import ApiRef, ChannelRef, DiscussionRef, Run
from worker.contract import RECORD_BUCKET


@dataclass(frozen=True)
class Links:
    """`hub` and `bot` are addresses without a slash at the end."""

    hub: str
    bot: str

    @property
    def sign_in(self) -> str:
        """For anybody; said to one person, it becomes a link of their own."""
        return f"{self.bot}/connect"

    def invitation(self, code: str) -> str:
        """The sign-in link of one person's own."""
        return f"{self.bot}/c/{code}"

    @property
    def account(self) -> str:
        return f"{self.bot}/account"

    @property
    def help(self) -> str:
        return f"{self.bot}/help"

    def run(self, run_id: str) -> str:
        return f"{self.bot}/runs/{run_id}"

    def model(self, model_id: str) -> str:
        return f"{self.hub}/{model_id}"

    def thread(self, run: Run) -> str:
        """Where the run was asked for, if that can be opened in a browser."""
        match run.thread:
            case DiscussionRef(repo=repo, num=num):
                return f"{self.hub}/{repo}/discussions/{num}"
            case ChannelRef(guild_id=guild, channel_id=channel):
                return f"https://discord.com/channels/{guild or '@me'}/{channel}"
            case ApiRef():
                return self.run(run.id)

    def space(self, space_id: str) -> str:
        return f"{self.hub}/spaces/{space_id}"

    def job(self, run: Run) -> str | None:
        return f"{self.hub}/jobs/{run.requester.name}/{run.job_id}" if run.job_id else None

    def record(self, run: Run) -> str:
        """The run's files in the requester's bucket."""
        return f"{self.hub}/buckets/{run.requester.name}/{RECORD_BUCKET}/tree/main/runs/{run.id}"

    def discord_connect(self, ticket: str) -> str:
        """Prove in one browser who somebody is on Discord and on the Hub."""
        return f"{self.bot}/discord/connect?ticket={ticket}"

    def connect(self, run_id: str, scopes: Sequence[str] = ()) -> str:
        """Sign in, allow these too, and come back to the run that waits for it."""
        more = f"&scopes={','.join(scopes)}" if scopes else ""
        return f"{self.sign_in}?next=/runs/{run_id}{more}"

    def allow(self, scopes: Sequence[str]) -> str:
        """Sign in and allow these too."""
        return f"{self.sign_in}?scopes={','.join(scopes)}"
