"""The link of one's own: for one person, once, for ten minutes; and asking for one more permission with it."""

import re

from bot.domain.models import RunState
from tests.harness.browser import Browser
from tests.harness.people import Person, Thread
from tests.harness.waiting import wait_until
from tests.harness.world import SENTIMENT, World


def newest_link(thread: Thread) -> str:
    """The newest link of one's own in this thread."""
    found = [
        link for reply in thread.replies() for link in re.findall(r"\((\S+/c/[\w-]{22})\)", reply.content)
    ]
    return str(found[-1])


def consent(person: Person, link: str) -> str:
    """The Hub's page behind the link, before anything is allowed there."""
    person.browser.open(link)
    page = person.browser.submit("Go on to Hugging Face")
    return (
        page.text
        if page.url.path != "/login"
        else person.browser.submit("username", username=person.name).text
    )


def test_a_link_is_for_one_person_and_good_once(world: World) -> None:
    thread = world.ada.opens_discussion(SENTIMENT, "@space-factory connect")
    assert "the link is yours alone, and good for 10 minutes" in thread.next_reply()
    link = newest_link(thread)
    for _ in range(3):  # whatever shows a preview of it
        previewer = Browser()
        assert "This link is for <strong>ada</strong>" in previewer.open(link).text
        previewer.close()

    answer = world.bob.follows(link)
    assert answer.status_code == 403 and answer.url.path == "/callback"
    assert "This link is for ada, and you are signed in as bob. Nothing was connected" in answer.text
    assert not world.ctx.accounts.is_connected(world.bob.id)
    world.bob.signs_in()
    page = world.bob.browser.open(link)
    assert page.status_code == 403 and "Go on to Hugging Face" not in page.text
    assert "the link stays good for ada" in page.text

    assert world.ada.follows(link).status_code == 200
    assert world.ctx.accounts.is_connected(world.ada.id)
    again = world.ada.browser.open(link)
    assert again.status_code == 410 and "This link was used already" in again.text
    assert "Go on to Hugging Face" in again.text, "the next step"
    unknown = world.bob.browser.open(f"{world.url}/c/{'x' * 22}")
    assert unknown.status_code == 410 and "There is no such link" in unknown.text


def test_a_link_that_came_too_late_still_leads_on(world: World) -> None:
    thread = world.ada.opens_discussion(SENTIMENT, "@space-factory plan")
    assert "Connect your account" in thread.next_reply()
    link = newest_link(thread)
    world.passes(hours=0.2)
    page = world.ada.browser.open(link)
    assert page.status_code == 410
    assert "This link was good for 10 minutes, and they have passed. Nothing is lost" in page.text

    landed = world.ada.follows(link)

    assert landed.url.path == f"/runs/{thread.run().id}"
    assert thread.run_ends().state is RunState.SUCCEEDED
    assert "📋 **Plan for" in thread.next_reply()


def test_the_page_says_what_is_allowed_what_it_costs_and_what_is_kept(world: World) -> None:
    page = world.ada.browser.open(f"{world.url}/connect").text
    for words in (
        "Run builds as Jobs in your account, which Hugging Face bills to you.",
        "touch only those it made",
        "at $0.0002 a minute",
        "It is stopped after 30 minutes",
        "before it costs $1.00",
        "365 days after their end",
        "The text of your comments, your address on the network",
    ):
        assert words in page
    assert "gated-repos" not in page and "last used" not in page

    world.ada.signs_in()

    page = world.ada.browser.open(f"{world.url}/connect?scopes=gated-repos").text
    assert "Signed in as <strong>ada</strong>" in page and "last used" in page
    assert page.count("You allowed this before.") == 4 and page.count("<strong>New.</strong>") == 1


def test_a_gated_model_takes_one_more_permission_and_the_request_goes_on_after_it(world: World) -> None:
    ada, bob = world.ada.signs_in(), world.bob
    bob.api.create_repo("bob/gated")
    for file in bob.api.list_repo_files(SENTIMENT):
        local = bob.api.hf_hub_download(SENTIMENT, file, local_dir=world.folder / "copy")
        bob.api.upload_file(path_or_fileobj=local, path_in_repo=file, repo_id="bob/gated")
    bob.api.update_repo_settings("bob/gated", gated="manual")
    bob.api.grant_access("bob/gated", "ada")
    world.listens_to("bob", "user")
    thread = ada.opens_discussion("bob/gated", "@space-factory plan")

    said = thread.next_reply()
    assert "🔗 **One more permission to plan a Space for" in said
    assert (
        "This model is gated. I need to read gated models for it. **[Allow it](BOT/c/CODE)** as `ada`" in said
    )
    page = consent(ada, newest_link(thread))
    assert "read the public gated repos" in page and "run Jobs in your name" in page
    assert "manage your webhooks" not in page
    ada.browser.submit("decision", decision="allow")

    assert thread.run_ends().state is RunState.SUCCEEDED
    assert "📋 **Plan for" in thread.next_reply()
    assert "gated-repos" in (world.ctx.accounts.scopes_of(ada.id) or ())
    ada.says(thread, "@space-factory plan")
    wait_until(lambda: len(world.runs()) == 2, "another run")
    assert thread.run_ends().state is RunState.SUCCEEDED
    assert [thread.next_reply()[:1], thread.next_reply()[:1]] == ["📋", "📋"], "it is asked for once"


def test_a_command_that_takes_more_waits_and_goes_on_too(world: World) -> None:
    ada = world.ada.signs_in()
    thread = ada.opens_discussion(SENTIMENT, "@space-factory watch")
    refusal = thread.next_reply()
    assert "🔗 `watch` takes one more permission (make a webhook in your account)" in refusal
    assert "What you asked for then goes on by itself." in refusal
    ada.says(thread, "@space-factory why")
    assert "`E_SCOPE`" in thread.next_reply()

    page = consent(ada, newest_link(thread))
    assert "manage your webhooks" in page and "gated" not in page
    ada.browser.submit("decision", decision="allow")

    assert "👀 I watch" in thread.next_reply()
    assert {"webhooks", "jobs"} <= (world.ctx.accounts.scopes_of(ada.id) or set())
    assert world.ctx.waiting_requests.of(ada.id, not_before=0) == []
