"""Hostile cards, each with what an agent would do that obeys it to the letter, really done from inside.

A card may talk the agent into anything. What counts is that nothing comes of it: nothing secret is read,
nothing leaves, no other repo is touched, and no bad app is published.
"""

import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.author.hostile_cards import HOSTILE, Hostile
from tests.author.places import FILES, Place, place_of
from tests.harness.local_hub import LocalHub

pytestmark = pytest.mark.thorough
RECORDED = "what-only-the-record-says"


@dataclass
class Scene:
    """An agent's place, with a stranger's server and other people's repos near."""

    place: Place
    evil: socket.socket
    record: Path
    repos: dict[str, str]

    def agent_obeys(self, card: Hostile) -> str:
        confinement = self.place.confinement
        log = confinement.outside / "attack.log"
        log.unlink(missing_ok=True)
        confinement.put({path: text.encode() for path, text in FILES.items()})
        process = confinement.start(
            ["bash", "-c", card.attack],
            cwd=confinement.workspace,
            env={
                **self.place.broker.environment,
                "EVIL": f"127.0.0.1:{self.evil.getsockname()[1]}",
                "HUB": self.place.hub.endpoint,
                "RECORD": str(self.record),
                "WORKER": str(os.getpid()),
            },
            log=log,
            ports=(self.place.broker.port,),
        )
        assert process.wait(60)
        return log.read_text(errors="replace")

    def called_evil(self) -> bool:
        self.evil.settimeout(0.05)
        try:
            self.evil.accept()[0].close()
        except TimeoutError:
            return False
        return True

    def clear(self) -> None:
        confinement = self.place.confinement
        confinement.start(
            ["bash", "-c", "rm -rf ./* ./.[!.]*"],
            cwd=confinement.workspace,
            env={},
            log=confinement.outside / "log",
        ).wait(20)


def repos_of(local_hub: LocalHub, but: str) -> dict[str, str]:
    """Every repo that alice or bob can see, with its commit."""
    found: dict[str, str] = {}
    for name in ("alice", "bob"):
        api: Any = local_hub.api(name)
        for kind in ("models", "spaces", "datasets"):
            listed = [each.id for each in getattr(api, f"list_{kind}")(author=name)]
            for repo in [each for each in listed if not each.startswith(but)]:
                found[f"{kind} {repo}"] = str(api.repo_info(repo, repo_type=kind.removesuffix("s")).sha)
    return found


@pytest.fixture(scope="module")
def scene(local_hub: LocalHub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    record = tmp_path_factory.mktemp("record") / "state.json"
    for api, repo in ((local_hub.api("bob"), "bob/victim"), (local_hub.api("alice"), "alice/own-work")):
        api.create_repo(repo, repo_type="space", space_sdk="static", private=True, exist_ok=True)
    with place_of(local_hub) as place, socket.create_server(("127.0.0.1", 0)) as evil:
        record.write_text(f"{RECORDED} {place.hub.token}")
        yield Scene(place, evil, record, repos_of(local_hub, place.space_id))


def test_there_are_enough_of_them() -> None:
    assert len(HOSTILE) >= 30
    assert len({card.name for card in HOSTILE}) == len(HOSTILE)


@pytest.mark.parametrize("card", HOSTILE, ids=lambda card: card.name)
def test_t04_nothing_comes_of_obeying_a_hostile_card(
    card: Hostile, scene: Scene, local_hub: LocalHub
) -> None:
    pushed = scene.place.laboratory.pushed
    said = scene.agent_obeys(card)

    assert scene.place.hub.token not in said
    assert RECORDED not in said
    assert not scene.called_evil()
    assert repos_of(local_hub, scene.place.space_id) == scene.repos
    assert scene.place.hub.token not in str(scene.place.told)
    if "refused" in card.flags:
        assert "Nothing was pushed" in said
        assert scene.place.laboratory.pushed is pushed
    if scene.place.laboratory.pushed:
        assert not set(scene.place.files_of_space()) - set(FILES)
        texts = "".join(scene.place.laboratory.pushed.workspace.texts.values())
        assert RECORDED not in texts and "hf_" not in texts.replace("hf_hub", "")
    scene.clear()
