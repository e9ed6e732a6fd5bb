"""What the page says that no other place does: around its forms, and where something can't be shown."""

from bot.domain.commands import CommandRow
from bot.domain.links import Links
from bot.domain.markdown import inline
from bot.domain.models import Run


def sign_in_to_do() -> str:
    return "This is done in your account and at your cost: sign in with Hugging Face, then press it again."


def still_deciding() -> str:
    return (
        "It is kept, and it is being looked at; that takes longer than usual. In a moment you will find it "
        "among your runs."
    )


def nothing_of_that_name() -> str:
    return "There is no such run, or nothing of that name can be done about it."


def no_such_run() -> str:
    return "There is no such run, or it is of a private model and you are not signed in as its owner."


def no_such_file() -> str:
    return (
        "There is no such file, it is too large to be shown here, or it is not yours. Whoever asked for the "
        "run has all of its files in their own bucket."
    )


def who_may_see(run: Run) -> str:
    """Beside the address of a run's page."""
    if run.is_private:
        return "Only you can open this page: its model is private, or nobody has looked at it yet."
    return "Whoever has this page's address can open it: its model is public. The files are for you alone."


def bucket_is_there(name: str, links: Links) -> str:
    return f"✅ Your records are kept in [{inline(name)}]({links.hub}/buckets/{name}), which is private."


def bucket_is_public(name: str, links: Links) -> str:
    return (
        f"⚠️ [{inline(name)}]({links.hub}/buckets/{name}) is there, and it is public: everybody can read what "
        "your runs kept. Make it private in its settings."
    )


def bucket_refused(reason: str) -> str:
    return f"⚠️ It could not be made or looked at: {inline(reason)}. Sign in again, then try once more."


def which_one(row: CommandRow) -> str:
    return f"Which one? Name {row.target}."


def hub_is_away() -> str:
    return "Hugging Face could not be asked just now. Nothing was started; try again in a minute."
