"""The page's forms and buttons: the same commands, with the plan first, and nothing done twice."""

import httpx2

from bot.domain.models import Run, RunState
from tests.harness.people import Person
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World


def plans(person: Person, **values: str) -> httpx2.Response:
    person.browser.open(f"{person.world.url}/build")
    return person.browser.submit('action="/build"', **values)


def the_run(world: World) -> Run:
    [run] = world.runs()
    return run


def test_a_plan_spends_nothing_and_its_button_starts_one_run_however_often_it_is_pressed(
    world: World,
) -> None:
    ada = world.ada.signs_in()

    plan = plans(ada, model=f"{world.hub.endpoint}/{SENTIMENT}", budget="$0.25", name="my-space")

    assert plan.status_code == 200 and "Nothing has been started." in plan.text
    assert "ada/my-space" in plan.text and "At most $0.25 for this run." in plan.text
    assert world.runs() == [] and world.ctx.decisions.about(ada.id) == []
    shown = ada.browser.page
    first = ada.browser.submit('action="/build/go"')
    ada.browser.page = shown
    second = ada.browser.submit('action="/build/go"')
    run = the_run(world)
    assert first.url == second.url and first.url.path == f"/runs/{run.id}"
    assert (run.wishes.budget, run.target_space, run.model_id) == (0.25, "ada/my-space", SENTIMENT)

    wait_until(lambda: world.rows.get(run.id).launched_at, "its Job", 60)
    ada.browser.open(f"{world.url}/runs/{run.id}")
    stopped = ada.browser.press(f"/runs/{run.id}/cancel")

    assert stopped.url.path == f"/runs/{run.id}"
    wait_until(lambda: world.rows.get(run.id).is_settled or None, "its end", 60)
    assert world.rows.get(run.id).state is RunState.CANCELLED
    page = ada.browser.open(f"{world.url}/runs/{run.id}").text
    assert f"{run.id}/retry" in page
    assert f"{run.id}/cancel" not in page
    assert "$0." in page


def test_what_is_refused_is_said_above_the_form_and_the_fields_keep_what_was_written(world: World) -> None:
    ada = world.ada.signs_in()
    fields = {"model": SENTIMENT, "name": "fine"}
    for name, given, said in (
        ("budget", "lots", "an amount from $0.01 to $100"),
        ("model", "zoo/no-such-model", "can't open that model"),
        ("name", "a b", "letters, digits"),
    ):
        filled = fields | {name: given}
        answer = plans(ada, **filled)
        assert answer.status_code == 422 and said in answer.text, answer.text
        assert [value for value in filled.values() if f'value="{value}"' not in answer.text] == []
    assert world.runs() == []


def test_only_ones_own_page_presses_ones_buttons(world: World) -> None:
    ada, bob = world.ada.signs_in(), world.bob.signs_in()
    plans(ada, model=SENTIMENT, hardware="cpu-basic")
    ada.browser.submit('action="/build/go"')
    run = the_run(world)
    press = {"press": "x" * 24}
    account = ("/account", "/account/bucket", "/account/disconnect", "/account/keys", "/account/keys/revoke")
    for path in ("/build", "/build/go", f"/runs/{run.id}/cancel", "/models", "/discord/confirm", *account):
        cookies = {"Cookie": ada.browser.cookies_for(world.url)}
        foreign = httpx2.post(
            f"{world.url}{path}", data=press, headers=cookies | {"Origin": "https://evil.test"}
        )
        stranger = httpx2.post(f"{world.url}{path}", data=press, headers={"Origin": world.url})
        assert foreign.status_code == 403, path
        assert stranger.status_code == 401, path
    assert ada.browser.open(f"{world.url}/account").status_code == 200, "she is still connected"

    seen = bob.browser.open(f"{world.url}/runs/{run.id}").text
    assert "/watch" in seen and "/cancel" not in seen and "/record" not in seen
    refused = bob.browser.post(f"{world.url}/runs/{run.id}/cancel", **press)
    assert refused.status_code == 403 and "can <code>cancel</code> this run" in refused.text
    assert bob.browser.open(f"{world.url}/runs/{run.id}/record").status_code == 404
    assert world.rows.get(run.id).cancelled_by is None

    ada.browser.open(f"{world.url}/runs/{run.id}")
    ada.browser.press(f"/runs/{run.id}/cancel")
    wait_until(lambda: world.rows.get(run.id).is_settled or None, "its end", 60)


def test_the_account_page_makes_the_bucket_and_ends_watches(world: World) -> None:
    ada = world.ada
    ada.follows(f"{world.url}/connect?next=/account&scopes=webhooks")
    ada.api.create_repo("ada/mine")
    ada.api.upload_file(path_or_fileobj=b"{}", path_in_repo="config.json", repo_id="ada/mine")

    ada.browser.open(f"{world.url}/account")
    made = ada.browser.submit("/account/bucket")

    assert "ada/space-factory-runs" in made.text and "which is private" in made.text
    assert ada.api.bucket_info("ada/space-factory-runs").private
    ada.browser.open(f"{world.url}/watch?model=ada/mine")
    ada.browser.submit('action="/watch"', model="ada/mine")
    ada.browser.submit('action="/watch/go"')
    assert [watch.model_id for watch in world.watches.of(ada.id)] == ["ada/mine"]
    ada.browser.open(f"{world.url}/account")
    ada.browser.submit("/unwatch/go")
    assert world.watches.of(ada.id) == []
