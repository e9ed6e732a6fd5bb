"""The real client meets a Hub that misbehaves: one meeting for each switch."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from bot.localhub.misbehaviour import Switch
from tests.harness.local_hub import LocalHub
from tests.localhub.around_the_hub import Receiver


@dataclass
class Scene:
    """Alice with her real client, a fresh public model of hers, someone who receives webhooks."""

    hub: LocalHub
    model: str
    listener: Receiver

    @property
    def alice(self) -> HfApi:
        return self.hub.api("alice")

    def set(self, switch: Switch, **setting: Any) -> None:
        with self.hub.browser() as browser:
            browser.put(f"/__misbehave/{switch}", json=setting).raise_for_status()

    def remove(self, switch: Switch) -> None:
        with self.hub.browser() as browser:
            browser.delete(f"/__misbehave/{switch}").raise_for_status()


Meeting = Callable[[Scene], None]
MEETINGS: dict[Switch, Meeting] = {}


def meets(switch: Switch) -> Callable[[Meeting], Meeting]:
    """Register the meeting with this switch."""

    def register(meeting: Meeting) -> Meeting:
        assert switch not in MEETINGS
        MEETINGS[switch] = meeting
        return meeting

    return register


def refused(status: int, call: Callable[[], object], match: str | None = None) -> HfHubHTTPError:
    """That the client's call is refused with this status; returns its error."""
    with pytest.raises(HfHubHTTPError, match=match) as error:
        call()
    assert error.value.response.status_code == status
    return error.value
