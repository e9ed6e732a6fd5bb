"""What the API says to scripts and to the people who read their logs; and to its keys' owners."""

from bot.domain.links import Links


def key_needed(links: Links) -> str:
    return f"Send your key as `x-api-key`; you make one at {links.account}#keys."


def not_known(links: Links) -> str:
    return (
        "This key or token is not known here: mistyped, revoked, or given to an app or an organisation. "
        f"Make a key at {links.account}#keys and send it as `x-api-key`."
    )


def token_may_only_look() -> str:
    return (
        "This token of yours may not start Jobs at Hugging Face, so it can only look here. Use a key of the "
        "account page, or a token with write access or the permission `job.write`."
    )


def too_often(each_minute: int) -> str:
    return f"That was more than {each_minute} requests within a minute. Try again in a minute."


def too_many_wrong() -> str:
    return "Too many wrong keys came from your address. Try again in a minute."


def too_many_streams(most: int) -> str:
    return f"You follow {most} runs at once already. Close one, or ask for the run from time to time."


def hub_is_away() -> str:
    return (
        "Hugging Face could not be asked whose token this is. Try again in half a minute, or use a key of "
        "the account page: it needs nobody else."
    )


def used_for_something_else() -> str:
    return "This idempotency key was used for another request of yours. Use a new one for each thing to do."


def no_such_run() -> str:
    return "There is no such run, or it is of a private model and not yours."


def no_such_request() -> str:
    return "You have made no such request, or it is older than what is kept."


def not_your_run() -> str:
    return "Only whoever asked for the run can read its log."


def too_many_keys(most: int) -> str:
    return f"You have {most} keys, which is enough. Revoke one that you don't use, then make another."


def no_such_key() -> str:
    return "You have no such key; it may have been revoked before."
