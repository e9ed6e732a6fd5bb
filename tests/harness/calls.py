"""Every call of the Hub that the product makes, by what it is for: the fault matrices are made of this table.

Leaving a behaviour test fails where a call was made that is not in it, so that a new one can't be forgotten.
"""

from dataclasses import dataclass

from bot.localhub.misbehaviour import fits

MODEL = "/api/models/*/*"
SPACE = "/api/spaces/*/*"
BOT, PERSON, NOBODY = "space-factory", "ada", None
"""Who calls. Nobody: the bot as the OAuth app that it is."""


@dataclass(frozen=True)
class Call:
    """`route` is what a switch of the local Hub takes: method and path; `*` is one part, `**` any rest."""

    route: str
    whose: str | None
    after: int = 0
    """How many calls of the same run look like it and come before it."""

    @property
    def setting(self) -> dict[str, object]:
        return {"route": self.route, "after": self.after} | ({"user": self.whose} if self.whose else {})


OF_A_RUN = {
    "read the comment": Call(f"GET {MODEL}/discussions/*", BOT),
    "the owner's file": Call("* /*/*/resolve/main/.space-factory.yml", BOT),
    "the model": Call(f"GET {MODEL}/revision/main", PERSON),
    "find our message": Call(f"GET {MODEL}/discussions/*", BOT, after=1),
    "post a comment": Call(f"POST {MODEL}/discussions/*/comment", BOT),
    "edit the comment": Call(f"POST {MODEL}/discussions/*/comment/*/edit", BOT),
    "find the Job": Call("GET /api/jobs/ada", PERSON),
    "make the bucket": Call("POST /api/buckets/*/*", PERSON),
    "launch the Job": Call("POST /api/jobs/ada", PERSON),
    "look at the Job": Call("GET /api/jobs/ada/*", PERSON),
    "find our answer": Call(f"GET {MODEL}/discussions/*", BOT, after=1),
    "post the answer": Call(f"POST {MODEL}/discussions/*/comment", BOT, after=1),
    "the price": Call("GET /api/jobs/hardware", BOT),  # the last: its cases move the clock by hours
}
OF_A_CANCEL = {
    "find the Job": OF_A_RUN["find the Job"],
    "stop the Job": Call("POST /api/jobs/ada/*/cancel", PERSON),
}
OF_A_SILENT_JOB = {
    "its log": Call("GET /api/jobs/ada/*/logs", PERSON),
    "its report": Call("GET /buckets/ada/*/resolve/runs/*/report.json", PERSON),
    "its events": Call("GET /buckets/ada/*/resolve/runs/*/events.jsonl", PERSON),
}
OF_A_SIGN_IN = {
    "the tokens": Call("POST /oauth/token", NOBODY),
    "who it is": Call("GET /oauth/userinfo", PERSON),
}
OF_A_WATCH = {
    "the model": Call(f"GET {MODEL}", PERSON),
    "its versions": Call(f"GET {MODEL}/refs", PERSON),
    "find the webhook": Call("GET /api/settings/webhooks", PERSON),
    "make the webhook": Call("POST /api/settings/webhooks", PERSON),
}
OF_A_LOOK = {
    "the model": OF_A_WATCH["the model"],
    "its versions": OF_A_WATCH["its versions"],
    "its files": Call(f"GET {MODEL}/tree/**", PERSON),
    "its card": Call("GET /*/*/resolve/*/README.md", PERSON),
}
OF_A_WATCHERS_WEBHOOK = {
    "change it": Call("POST /api/settings/webhooks/*", PERSON),
    "switch it on": Call("POST /api/settings/webhooks/*/enable", PERSON),
    "delete it": Call("DELETE /api/settings/webhooks/*", PERSON),
}
OF_A_ROLLBACK = {
    "the Space": Call(f"GET {SPACE}", PERSON),
    "its files": Call(f"GET {SPACE}/tree/**", PERSON),
    "a file of before": Call("GET /spaces/*/*/resolve/**", PERSON),
    "the commit": Call(f"POST {SPACE}/commit/main", PERSON),
}
OF_AN_OWNER = {
    "whose organisations": Call("GET /api/whoami-v2", PERSON),
}
OF_CATCHING_UP = {
    "where it listens": Call("GET /api/settings/webhooks", BOT),
    "their models": Call("GET /api/models", BOT),
    "their discussions": Call(f"GET {MODEL}/discussions", BOT),
    "who wrote a comment": Call("GET /api/users/*/overview", BOT),
}
OF_COMPLETION = {
    "everybody's models": Call("GET /api/models", BOT),
    "one's own models": Call("GET /api/models", PERSON),
    "whether it is public": Call(f"GET {MODEL}", BOT),
}
OF_A_FORM = {
    "hardware of Spaces": Call("GET /api/spaces/hardware", BOT),
    "hardware of Jobs": Call("GET /api/jobs/hardware", BOT),
}
OF_A_RECORD = {
    "make the bucket": Call("POST /api/buckets/*/*", PERSON),
    "look at the bucket": Call("GET /api/buckets/ada/*", PERSON),
    "a file of it": Call("GET /buckets/ada/*/resolve/runs/**", PERSON),
}
OF_A_START = {
    "who the bot is": Call("GET /api/whoami-v2", BOT),
}
OF_SAFEKEEPING = {
    "the copies there": Call("GET /api/buckets/*/*/tree", BOT),
    "a place for the bytes": Call("GET /api/buckets/*/*/xet-write-token", BOT),
    "a new copy": Call("POST /api/buckets/*/*/batch", BOT),
}
OF_A_RESTART = {
    "make the bucket": Call("POST /api/buckets/*/*", BOT),
    "who can read it": Call("GET /api/buckets/*/*", BOT),
    "where the copy is": Call("POST /api/buckets/*/*/paths-info", BOT),
    "how to get it": Call("HEAD /buckets/*/*/resolve/*", BOT),
    "its bytes": Call("GET /api/buckets/*/*/xet-read-token", BOT),
}
OF_DOUBLES = {
    "take back a comment": Call(f"POST {MODEL}/discussions/*/comment/*/hide", BOT),
}
OF_A_WORKER = {
    "whose token it is": Call("GET /api/whoami-v2", PERSON),
    "the model": Call(f"GET {MODEL}/revision/*", PERSON),
    "its files": Call(f"GET {MODEL}/tree/**", PERSON),
    "a file's size": Call("HEAD /*/*/resolve/**", PERSON),
    "a file": Call("GET /*/*/resolve/**", PERSON),
    "hardware of Spaces": Call("GET /api/spaces/hardware", PERSON),
    "hardware of Jobs": Call("GET /api/jobs/hardware", PERSON),
    "create the Space": Call("POST /api/repos/create", PERSON),
    "its variables": Call(f"GET {SPACE}/variables", PERSON),
    "check its card": Call("POST /api/validate-yaml", PERSON),
    "prepare the upload": Call(f"POST {SPACE}/preupload/main", PERSON),
    "commit the files": Call(f"POST {SPACE}/commit/main", PERSON),
    "the Space": Call(f"GET {SPACE}", PERSON),
    "how it runs": Call(f"GET {SPACE}/runtime", PERSON),
    "log of its build": Call(f"GET {SPACE}/logs/build", PERSON),
    "log of its run": Call(f"GET {SPACE}/logs/run", PERSON),
    "all Spaces": Call("GET /api/spaces", PERSON),
}
OF_A_PICTURE = {
    "a pass into the Space": Call(f"GET {SPACE}/jwt", PERSON),
}
OF_A_REBUILD = {
    "files of the Space": Call(f"GET {SPACE}/tree/**", PERSON),
    "a file of the Space": Call("GET /spaces/*/*/resolve/**", PERSON),
    "take the Space over": Call(f"POST {SPACE}/variables", PERSON),
    "delete the Space": Call("DELETE /api/repos/delete", PERSON),
}
OF_THE_HARNESS = {
    "make its webhook": Call("POST /api/settings/webhooks", BOT),
    "change it": Call("POST /api/settings/webhooks/*", BOT),
    "what it was told": Call("GET /api/settings/webhooks/*/deliveries", BOT),
    "make a model of its own": Call("POST /api/repos/create", BOT),
    "prepare a model's upload": Call(f"POST {MODEL}/preupload/main", PERSON),
    "fill a model": Call(f"POST {MODEL}/commit/main", PERSON),
}
ALL = (
    OF_A_RUN,
    OF_A_CANCEL,
    OF_A_SILENT_JOB,
    OF_A_SIGN_IN,
    OF_A_WATCH,
    OF_A_LOOK,
    OF_A_WATCHERS_WEBHOOK,
    OF_A_ROLLBACK,
    OF_AN_OWNER,
    OF_CATCHING_UP,
    OF_COMPLETION,
    OF_A_FORM,
    OF_A_RECORD,
    OF_A_START,
    OF_SAFEKEEPING,
    OF_A_RESTART,
    OF_DOUBLES,
    OF_A_WORKER,
    OF_A_PICTURE,
    OF_A_REBUILD,
    OF_THE_HARNESS,
)


def unlisted(method: str, path: str, whose: str | None) -> bool:
    """Whether a call is in no part of the table."""
    calls = (call for part in ALL for call in part.values())
    return not any(call.whose == whose and fits(call.route, method, path) for call in calls)
