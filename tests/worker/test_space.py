"""The Space of a run: free names, marks, and hardware that is refused, by a Hub that says so when told to."""

from collections.abc import Iterator

import pytest
from huggingface_hub.errors import HfHubHTTPError

from tests.worker.scripted_hub import Answer, ScriptedHub, scripted_hub
from worker.errors import Failed, failure_of
from worker.estimate import Place
from worker.hardware import Option
from worker.hub import Hub
from worker.space import LONGEST_NAME, MARK, Space, Wanted, create_space, hardware_needed, names, upload

CREATE = "POST /api/repos/create"
TAKEN: Answer = (409, {"error": "You already created this space repo"})


@pytest.fixture
def far() -> Iterator[ScriptedHub]:
    with scripted_hub() as hub:
        yield hub


def made(name: str) -> Answer:
    return 200, {"url": f"https://huggingface.co/spaces/a/{name}"}


def marked(run_id: str) -> Answer:
    return 200, {MARK: {"key": MARK, "value": run_id}}


def option(flavor: str, usd_per_hour: float = 0.0) -> Option:
    return Option(flavor=flavor, place=Place.GPU, usd_per_hour=usd_per_hour, allowed=True, why="it fits")


def create(far: ScriptedHub, *options: Option) -> Space:
    wanted = Wanted(options=options or (option("cpu-basic"),))
    return create_space(Hub("hf_token", far.endpoint), "a/demo", "run-1", wanted)


def test_the_space_is_private_marked_and_gets_its_hardware_in_the_create_call(far: ScriptedHub) -> None:
    far.says(CREATE, made("demo"))

    space = create(far, option("zero-a10g"))

    (_, body) = far.asked[0]
    assert (body["name"], body["organization"], body["type"], body["sdk"]) == ("demo", "a", "space", "gradio")
    assert body["hardware"] == "zero-a10g"
    assert body["visibility"] == "private"
    assert body["variables"] == [{"key": MARK, "value": "run-1"}]
    assert space == Space(id="a/demo", url=f"{far.endpoint}/spaces/a/demo", hardware="zero-a10g")


def test_a_space_of_this_very_run_is_taken_up_again(far: ScriptedHub) -> None:
    far.says(CREATE, TAKEN)
    far.says("GET /api/spaces/a/demo/variables", marked("run-1"))

    assert create(far).id == "a/demo"


@pytest.mark.parametrize(
    "variables", [(200, {}), marked("run-0"), (403, {"error": "no"}), (404, {"error": "no"})]
)
def test_a_space_without_our_mark_is_left_alone(far: ScriptedHub, variables: Answer) -> None:
    far.says(CREATE, TAKEN, made("demo-2"))
    far.says("GET /api/spaces/a/demo/variables", variables)

    assert create(far).id == "a/demo-2"
    assert {call for call, _ in far.asked} == {CREATE, "GET /api/spaces/a/demo/variables"}


def test_when_every_name_is_taken_that_is_said(far: ScriptedHub) -> None:
    far.says(CREATE, TAKEN)

    with pytest.raises(Failed, match=r"a/demo and the next 8 names are taken\. Choose another name\."):
        create(far)

    assert far.times(CREATE) == 9


def test_names_stay_within_the_hubs_length() -> None:
    every = names("alice/" + "x" * 200)

    assert len(every) == len(set(every)) == 9
    assert {len(name.split("/")[1]) for name in every} == {LONGEST_NAME}
    assert every[1].endswith("-2")


def test_files_never_go_into_a_space_without_our_mark(far: ScriptedHub) -> None:
    far.says("GET /api/spaces/a/demo/variables", marked("run-0"))
    space = Space(id="a/demo", url="", hardware="cpu-basic")

    with pytest.raises(Failed, match="left alone"):
        upload(Hub("hf_token", far.endpoint), space, "run-1", {"app.py": ""}, "message")

    assert far.times(CREATE) == 0
    assert len(far.asked) == 1


@pytest.mark.parametrize("status", [402, 403])
def test_refused_hardware_leaves_a_space_and_says_what_to_click(far: ScriptedHub, status: int) -> None:
    far.says(CREATE, (status, {"error": "Payment method required."}), made("demo"))

    space = create(far, option("t4-small", 0.4))

    assert space.hardware == "cpu-basic"
    sentence = str(hardware_needed(space, "t4-small", str(space.refusal)))
    assert f"The Hub did not give t4-small ({status})" in sentence
    assert "Payment method required." in sentence
    assert f"{space.url}/settings" in sentence
    assert "choose t4-small" in sentence
    assert "validate a/demo" in sentence


def test_refused_hardware_gives_way_to_what_the_requester_allows_with_a_sleep_time(far: ScriptedHub) -> None:
    far.says(CREATE, (402, {"error": "Subscribe to PRO"}), made("demo"))

    space = create(far, option("zero-a10g"), option("l4x1", 0.8))

    (_, first), (_, second) = far.asked
    assert (first["hardware"], second["hardware"]) == ("zero-a10g", "l4x1")
    assert second["sleepTimeSeconds"] == 900
    assert (space.hardware, space.refusal) == ("l4x1", None)


def test_hardware_that_nobody_allowed_is_not_asked_for(far: ScriptedHub) -> None:
    far.says(CREATE, made("demo"))

    space = create_space(Hub("hf_token", far.endpoint), "a/demo", "run-1", Wanted(options=()))

    assert [body["hardware"] for _, body in far.asked] == ["cpu-basic"]
    assert space.hardware == "cpu-basic"


def test_an_account_without_a_plan_gets_the_hubs_own_words(far: ScriptedHub) -> None:
    far.says(CREATE, (402, {"error": "Hosting Gradio Spaces requires a PRO subscription."}))

    with pytest.raises(HfHubHTTPError) as refused:
        create(far)

    failure = failure_of(refused.value)
    assert failure.category == "payment_required"
    assert "PRO subscription" in failure.message


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_hub_is_asked_again(far: ScriptedHub, status: int) -> None:
    far.says(CREATE, (status, {"error": "busy"}), made("demo"))

    assert create(far).id == "a/demo"


def test_a_rate_limit_is_waited_for_as_long_as_the_hub_asks(
    far: ScriptedHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("worker.hub.time.sleep", waits.append)
    far.headers = {"RateLimit": '"api";r=0;t=7'}
    far.says(CREATE, (429, {"error": "slow down"}), made("demo"))

    create(far)

    assert waits == [8.0]
