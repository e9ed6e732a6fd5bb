"""A model is watched from Discord: the same command, the same account, and the news comes as a direct message."""

import pytest

from tests.harness.chat import Chat
from tests.harness.waiting import wait_until

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(180)]

MODEL = "ada/poems"


@pytest.mark.world(burst_seconds=0.5)
def test_a_model_is_watched_and_whoever_watches_hears_how_its_build_ended(chat: Chat) -> None:
    hub_ada = chat.world.ada
    hub_ada.api.create_repo(MODEL)
    hub_ada.api.upload_file(path_or_fileobj=b"1", path_in_repo="model.bin", repo_id=MODEL)
    chat.links(chat.ada, hub_ada)
    hub_ada.signs_in("/&scopes=webhooks")

    asked = chat.ada.slash("watch", model=MODEL, on="main", max="3/day")

    assert "👀 I watch" in asked.reply().text
    hub_ada.api.upload_file(path_or_fileobj=b"{}", path_in_repo="config.json", repo_id=MODEL)
    run = chat.run_ends()
    assert (run.model_id, run.requester.name) == (MODEL, "ada")
    wait_until(lambda: any("built" in each.text for each in chat.ada.sees(chat.ada.dm)), "its end")
    assert "I don't watch" in chat.ada.slash("unwatch", model=MODEL).reply().text
    assert hub_ada.api.list_webhooks() == []
