"""What is said about watches: what is watched and how, what was skipped and why, and when one pauses."""

from pathlib import Path

from bot.domain.links import Links
from bot.domain.markdown import inline, quoted
from bot.domain.models import ApiRef, ChannelRef, DiscussionRef, On
from bot.domain.watching import Version, Watch

STEPS = (Path(__file__).parent / "watch_alone.md").read_text()
AGAIN = "Mention me with `watch` to go on"


def watching(watch: Watch, links: Links, *, has_space: bool) -> str:
    wishes = watch.wishes
    tags = "every new git tag" if wishes.only == "*" else f"every new git tag like `{wishes.only}`"
    waits = {
        On.TAG: tags,
        On.MAIN: "every new commit on `main`",
        On.BOTH: f"{tags} and new commits on `main`",
    }
    cost = f", for at most ${wishes.budget:.2f} each" if wishes.budget else ""
    first = "" if has_space else " You have no Space for it yet: the first new version makes one."
    return (
        f"👀 I watch {_model(watch, links)} for you: {waits[wishes.on]}, or the tag `space-factory` on its "
        f"card, brings your Space up to date, {_how_often(wishes.most_per_day)}{cost}. It runs in your "
        f"account and is judged beside your Space first.{first} Mention me with `unwatch` to stop."
    )


def unwatched(watches: list[Watch], links: Links) -> str:
    names = ", ".join(_model(each, links) for each in watches)
    return f"I don't watch {names} any more. Nothing else was changed."


def not_watched() -> str:
    return "There is no watch of yours on this model. Mention me with `watch` to begin one."


def too_many_watches(most: int) -> str:
    return f"You watch {most} models, which is as many as I keep for one person. Mention me with `unwatch`."


def connect_first(links: Links) -> str:
    connect = f"[Connect your account]({links.sign_in})"
    return f"{connect}, then mention me with `watch` again: it is your account that builds."


def webhook_refused(reason: str, links: Links) -> str:
    return (
        f"The Hub did not let me make a webhook in your account: {quoted(reason)}. Nothing is watched. "
        f"[Connect again]({links.sign_in}), and allow webhooks."
    )


def skipped(version: Version, reason: str) -> str:
    return f"Skipped `{version.sha[:7]}` ({version.cause}): {reason}."


def postponed(version: Version, most: int) -> str:
    return f"`{version.sha[:7]}` ({version.cause}) waits, because a watch builds {_how_often(most)}."


def refused(version: Version, reason: str) -> str:
    return f"I did not build `{version.sha[:7]}` ({version.cause}): {reason}"


def connection_ended(links: Links) -> str:
    return (
        "🔗 Your connection has ended, so I can't look after the models that you watch. "
        f"[Connect again]({links.sign_in}) and I go on by myself."
    )


def paused_after_failures(most: int) -> str:
    return f"⏸️ Its watch is paused, after {most} failures in a row. {AGAIN}."


def paused_as_it_moved(watch: Watch, new_id: str, links: Links) -> str:
    if _is_discreet(watch):
        return f"⏸️ A model that you watch has another name or owner now, so its watch is paused. {AGAIN}."
    return (
        f"⏸️ {inline(watch.model_id)} is called [{inline(new_id)}]({links.model(new_id)}) now, so its "
        f"watch is paused. Mention me with `watch {new_id}` to go on."
    )


def paused_as_it_is_gone(watch: Watch, links: Links, *, is_another: bool) -> str:
    now = "is gone, and another model has its name" if is_another else "is gone, or you can't see it any more"
    return f"⏸️ {_model(watch, links)} {now}, so its watch is paused. {AGAIN}, if that is meant."


def silent_here() -> str:
    return "the owner of this repo wants me silent here"


def alone(model_id: str, image: str, links: Links) -> str:
    """The steps by which the Hub itself does it, in the requester's account."""
    text = STEPS.replace("MODEL_ID", model_id).replace("WORKER_IMAGE", image)
    return text.replace("HUB/", f"{links.hub}/").strip()


def _how_often(most: int) -> str:
    return {1: "at most once a day", 2: "at most twice a day"}.get(most, f"at most {most} times a day")


def _model(watch: Watch, links: Links) -> str:
    if _is_discreet(watch):
        return "a private model"
    return f"[{inline(watch.model_id)}]({links.model(watch.model_id)})"


def _is_discreet(watch: Watch) -> bool:
    """Whether the model may not be named where this watch is spoken of."""
    match watch.thread:
        case DiscussionRef(repo=repo):
            return watch.seen.is_private and repo != watch.model_id
        case ChannelRef(is_private=is_for_one):
            return watch.seen.is_private and not is_for_one
        case ApiRef():
            return False
