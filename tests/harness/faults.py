"""Every way in which a call fails, as a switch of the local Hub; each is met once or twice and then over."""

from dataclasses import dataclass

from huggingface_hub import DiscussionComment

from tests.harness.calls import Call
from tests.harness.local_hub import LocalHub
from tests.harness.people import Thread
from tests.harness.world import World

HUB_SECONDS = 6.0
"""What a bot under such a Hub is told to wait for an answer; the tests' own calls wait as long."""


@dataclass(frozen=True)
class Fault:
    """A switch of the local Hub, and how it is set."""

    switch: str
    setting: dict[str, object]

    def befalls(self, hub: LocalHub, call: Call) -> None:
        hub.misbehaves(self.switch, **self.setting, **call.setting)


def _status(code: int) -> Fault:
    return Fault("status", {"status": code, "times": 1})


FAULTS = {
    "refused": Fault("closed-connection", {"times": 2}),
    "timeout": Fault("slow-answer", {"times": 1, "seconds": HUB_SECONDS + 2}),
    "slow": Fault("slow-body", {"times": 1, "seconds": 1.5}),
    "truncated": Fault("truncated-body", {"times": 1}),
    "429": Fault("rate-limited", {"times": 2, "seconds": 1}),
    "500": _status(500),
    "503": _status(503),
    "401": _status(401),
    "402": _status(402),
    "403": _status(403),
    "404": _status(404),
    "409": _status(409),
}
REFUSED = ("401", "402", "403", "404", "409")


def heard(world: World, thread: Thread) -> list[str]:
    """What the bot has said, read with bob's eyes: the fault is not for him."""
    details = world.bob.api.get_discussion_details(thread.repo, thread.num)
    comments = [event for event in details.events if isinstance(event, DiscussionComment)]
    return [each.content for each in comments if each.author == "space-factory" and not each.hidden]
