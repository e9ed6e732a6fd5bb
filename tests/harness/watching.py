"""A model of ada's own that is watched: what happens to it, and how long to wait for what comes of it."""

from bot.domain.models import Run
from bot.domain.watching import Watch
from tests.harness.people import Person, Thread
from tests.harness.waiting import wait_until
from tests.harness.world import World

MODEL = "ada/poems"
CARD = "---\nlibrary_name: transformers\n---\n# Poems\n"


def has_a_model(world: World) -> Person:
    """Ada, with a model; the bot hears what is said there, and Jobs stay where they are."""
    ada = world.ada.signs_in("/&scopes=webhooks")
    ada.api.create_repo(MODEL)
    commits(ada, CARD)
    world.listens_to("ada", kind="user")
    world.hub.misbehaves("job-stuck-in-scheduling")
    return ada


def commits(who: Person, text: str, path: str = "README.md") -> str:
    """A commit on `main`; returns its id."""
    made = who.api.upload_file(path_or_fileobj=text.encode(), path_in_repo=path, repo_id=MODEL)
    return str(made.oid)


def watches(who: Person, options: str = "on=both max=9/day") -> Thread:
    thread = who.opens_discussion(MODEL, f"@space-factory watch {options}")
    assert "👀 I watch" in thread.next_reply()
    wait_until(lambda: is_quiet(the_watch(who)), "the first look")
    return thread


def the_watch(who: Person) -> Watch:
    [watch] = who.world.watches.of(who.id)
    return watch


def is_quiet(watch: Watch) -> bool:
    """It was looked at, and the next look is far away."""
    return watch.due_at > watch.since + 3600


def next_run(world: World, before: int = 0) -> Run:
    wait_until(lambda: len(world.runs()) > before, "a run")
    return world.runs()[0]


def stops(thread: Thread, run: Run) -> None:
    """Ada ends a run that has shown what it should; its last word is read."""
    thread.world.ada.says(thread, f"@space-factory cancel {run.id}")
    wait_until(lambda: (there := thread.world.rows.get(run.id)) and there.is_settled, "the run's end", 60)
    said = [thread.next_reply(), thread.next_reply()]
    assert any("Cancelled by" in each for each in said), said


def decision(ada: Person, thread: Thread) -> str:
    ada.says(thread, "@space-factory why")
    return thread.next_reply()


def watched_by_webhooks(who: Person) -> list[list[str]]:
    return [[each.name for each in hook.watched] for hook in who.api.list_webhooks()]
