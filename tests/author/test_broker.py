"""The agent's own Space, reached from inside with the real command, on a real Hub, and nothing else."""

import json

import httpx2
import pytest

from tests.author.places import APP, FILES, README, place_of
from tests.harness.local_hub import LocalHub
from worker.author.broker import Limit

SMALL = """import gradio as gr
print("the app starts", flush=True)
def double(text: str) -> str:
    return text * 2
gr.Interface(double, "text", "text", api_name="double").launch()
"""


def test_a_push_puts_the_whole_workspace_into_the_space_and_nothing_else(local_hub: LocalHub) -> None:
    with place_of(local_hub) as place:
        place.write(
            {**FILES, "own/__init__.py": "", "own/deep/part.py": "X = 1\n", ".pi/settings.json": "{}"}
        )
        place.write({"__pycache__/app.pyc": "x", "AGENTS.md": "x", "data.bin": "\u00e9"})
        place.write({"data.bin": ""})
        (place.confinement.workspace / "data.bin").unlink()

        code, said = place.agent("space", "push")

        assert code == 0, said
        assert place.files_of_space() == {*FILES, "own/__init__.py", "own/deep/part.py"}
        assert place.hub.api.space_info(place.space_id).private
        assert "as" in said and place.laboratory.pushed
        assert place.laboratory.pushed.commit[:7] in said


def test_a_second_push_of_the_same_files_makes_no_commit(local_hub: LocalHub) -> None:
    with place_of(local_hub) as place:
        place.write(FILES)
        place.agent("space", "push")
        commits = len(place.hub.api.list_repo_commits(place.space_id, repo_type="space"))

        code, said = place.agent("space", "push")

        assert (code, "already" in said) == (0, True)
        assert len(place.hub.api.list_repo_commits(place.space_id, repo_type="space")) == commits


def test_a_push_that_the_guard_refuses_makes_no_space_and_says_what_to_mend(local_hub: LocalHub) -> None:
    with place_of(local_hub) as place:
        place.write({**FILES, "app.py": f"{APP}\nimport os\nos.environ['HF_TOKEN']\n"})

        code, said = place.agent("space", "push")

        assert code == 1
        assert "[token]" in said and "→ Read no token" in said
        assert not place.hub.api.repo_exists(place.space_id, repo_type="space")
        assert [(each["verb"], each["done"]) for each in place.told] == [("push", False)]


@pytest.mark.parametrize(
    ("flood", "said"),
    [
        ("head -c 2100000 /dev/zero > large.txt", "large.txt is larger than 2 MiB. → Load large files"),
        (
            "for n in 1 2 3 4 5; do head -c 2000000 /dev/zero > part$n.txt; done",
            "part5.txt does not fit: all files together may have 8 MiB. → Load large files",
        ),
        ("mkdir many; cd many; touch $(seq 500)", "400 files and folders may be there. → Leave out what"),
    ],
    ids=["file", "whole", "number"],
)
def test_a_workspace_that_is_too_large_is_refused_with_what_to_do(
    local_hub: LocalHub, flood: str, said: str
) -> None:
    with place_of(local_hub) as place:
        place.write(FILES)
        place.agent("sh", "-c", flood)

        code, answer = place.agent("space", "push")

        assert code == 1
        assert said in answer
        assert not place.hub.api.repo_exists(place.space_id, repo_type="space")


@pytest.mark.thorough
def test_the_token_is_in_nothing_that_the_agent_gets_or_the_record_keeps(local_hub: LocalHub) -> None:
    with place_of(local_hub, checked=False) as place:
        app = SMALL + f"print('{place.hub.token}', flush=True)\n"
        place.write({"app.py": app, "requirements.txt": "", "README.md": README})
        said = [
            place.agent("space", *words)[1] for words in (["push"], ["status"], ["logs", "build"], ["call"])
        ]
        kept = json.dumps(place.told)

        assert place.hub.token not in "".join(said) + kept
        assert place.broker.key not in kept


def test_what_is_no_verb_and_what_has_no_space_yet_is_said(local_hub: LocalHub) -> None:
    with place_of(local_hub) as place:
        assert "usage: space" in place.agent("space")[1]
        assert "usage: space" in place.agent("space", "delete")[1]
        assert "There is no Space yet" in place.agent("space", "status")[1]
        assert "no JSON" in place.agent("space", "call", "/x", "{")[1]
        assert "by their names" in place.agent("space", "call", "/x", "[1]")[1]


def test_a_verb_is_limited_in_number_and_in_time(local_hub: LocalHub) -> None:
    limits = {"push": Limit(2, 0), "status": Limit(9, 60)}
    with place_of(local_hub, limits=limits) as place:
        pushes = [place.agent("space", "push")[1] for _ in range(3)]
        place.agent("space", "status")

        assert "which is all of them" in pushes[2]
        assert "Too soon: wait 60 s" in place.agent("space", "status")[1]
        assert len(place.told) == 5


@pytest.mark.parametrize("key", ["", "Bearer x", "Bearer space-guess"])
def test_without_the_runs_key_the_door_is_closed(local_hub: LocalHub, key: str) -> None:
    with place_of(local_hub) as place:
        address = place.broker.environment["SPACE_BROKER"]
        answer = httpx2.post(f"{address}/push", headers={"Authorization": key}, trust_env=False)

        assert answer.status_code == 401
        assert not place.told


@pytest.mark.parametrize("body", ["[]", "{", "9" * 100_000, "[" * 20_000])
def test_a_broken_request_is_refused_in_a_sentence(local_hub: LocalHub, body: str) -> None:
    with place_of(local_hub) as place:
        environment = place.broker.environment
        headers = {"Authorization": f"Bearer {environment['SPACE_BROKER_KEY']}"}
        answer = httpx2.post(
            f"{environment['SPACE_BROKER']}/push", content=body, headers=headers, trust_env=False
        )

        assert answer.status_code == 400
        assert "no JSON object" in answer.json()["text"]


def test_a_space_that_is_not_this_runs_is_never_touched(local_hub: LocalHub) -> None:
    with place_of(local_hub) as place:
        place.hub.api.create_repo(place.space_id, repo_type="space", space_sdk="static", private=True)
        before = place.files_of_space()
        place.write(FILES)

        code, said = place.agent("space", "push")

        assert code == 0, said
        assert place.files_of_space() == before
        assert place.laboratory.space is not None
        assert place.laboratory.space.id == f"{place.space_id}-2"


@pytest.mark.thorough
@pytest.mark.timeout(400)
def test_the_agent_sees_its_space_run_calls_it_and_starts_it_anew(local_hub: LocalHub) -> None:
    with place_of(local_hub, checked=False) as place:
        place.write({"app.py": SMALL, "requirements.txt": "", "README.md": README})
        place.agent("space", "push")
        running = place.agent("space", "status", "--wait", "200", seconds=250)[1]
        called = place.agent("space", "call", "/double", '{"text": "ab"}')
        offered = place.agent("space", "call")[1]
        log = place.agent("space", "logs", "run")[1]
        wrong = place.agent("space", "call", "/nothing", "{}")
        anew = place.agent("space", "restart")
        again = place.agent("space", "status", "--wait", "200", seconds=250)[1]

    assert "stage: RUNNING" in running
    assert called[0] == 0 and '"abab"' in called[1]
    assert '"/double"' in offered
    assert "the app starts" in log
    assert wrong[0] == 1 and "Next: space logs run" in wrong[1]
    assert anew[0] == 0
    assert "stage: RUNNING" in again
