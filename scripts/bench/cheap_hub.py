"""A Hub that costs next to nothing: `python -m scripts.bench.cheap_hub PORT`.

It answers the calls that a run makes up to its Job's launch, and looks at Jobs that never end, out of memory.
Whoever asks with the token `hf_NAME` is NAME. `/__counts` says how often what was asked; `PUT /__slow` makes
launches hang.
"""

import argparse
import asyncio
import hashlib
import itertools
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import parse_qs

import uvicorn
from starlette.types import Receive, Scope, Send

SHA = "5" * 40
WHEN = "2026-01-01T00:00:00.000Z"
Answer = tuple[int, Any]


@dataclass(frozen=True)
class Call:
    """One request; `parts` are what the route's pattern found in the path."""

    parts: tuple[str, ...]
    who: str
    query: dict[str, list[str]]
    body: Any


@dataclass
class CheapHub:
    """Comments and Jobs by where they are, in memory."""

    counts: Counter[str] = field(default_factory=Counter)
    comments: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    ids: Iterator[int] = field(default_factory=partial(itertools.count, 1))
    slow_seconds: float = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            status, answer = await self._answered(scope, await _body_of(receive))
            body = json.dumps(answer).encode()
            headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": body})

    async def _answered(self, scope: Scope, body: Any) -> Answer:
        path, method = scope["path"], scope["method"]
        token = dict(scope["headers"]).get(b"authorization", b"").decode().removeprefix("Bearer hf_")
        for name, pattern, answer in ROUTES:
            if name.startswith(method) and (found := pattern.fullmatch(path)):
                self.counts[name] += not path.startswith("/__")
                if name == LAUNCH and self.slow_seconds:
                    await asyncio.sleep(self.slow_seconds)
                call = Call(found.groups(), token, parse_qs(scope["query_string"].decode()), body)
                return answer(self, call)
        self.counts[f"{method} elsewhere"] += 1
        return 404, {"error": "Entry not found"}

    def set_slow(self, call: Call) -> Answer:
        self.slow_seconds = float(call.body["seconds"])
        return 200, {}

    def said(self, call: Call) -> Answer:
        """The counts, and nothing is counted any more from before."""
        counts = dict(self.counts)
        self.counts.clear()
        return 200, counts

    def me(self, call: Call) -> Answer:
        return 200, {"type": "user", "id": id_of(call.who), "name": call.who, "orgs": []}

    def person(self, call: Call) -> Answer:
        return 200, {"_id": id_of(call.parts[0]), "user": call.parts[0], "type": "user"}

    def model(self, call: Call) -> Answer:
        name = call.parts[0]
        return 200, {"_id": id_of(name), "id": name, "sha": SHA, "private": False, "gated": False, "tags": []}

    def discussion(self, call: Call) -> Answer:
        """Begun by the person whose name is the model's, with the one command that matters here."""
        model, num = call.parts
        begun = _comment(comment_of(model), model.rpartition("/")[2], "@space-factory build")
        events = [begun, *self.comments.get(f"{model}#{num}", [])]
        about = {"title": "A Space", "num": int(num), "status": "open", "author": begun["author"]}
        repo = {"name": model, "type": "model"}
        return 200, about | {"createdAt": WHEN, "isPullRequest": False, "repo": repo, "events": events}

    def say(self, call: Call) -> Answer:
        said = self.comments.setdefault(f"{call.parts[0]}#{call.parts[1]}", [])
        said.append(_comment(f"{next(self.ids):024x}", call.who, call.body["comment"]))
        return 200, {"newMessage": said[-1]}

    def edit(self, call: Call) -> Answer:
        return 200, {"updatedComment": _comment(call.parts[2], call.who, call.body["content"])}

    def hardware(self, _call: Call) -> Answer:
        return 200, []

    def bucket(self, call: Call) -> Answer:
        return 200, {"url": f"/buckets/{call.parts[0]}"}

    def find_jobs(self, call: Call) -> Answer:
        wanted = dict(label.split("=", 1) for label in call.query.get("label", []))
        asked = wanted.get("run")
        return 200, [job for job in self.jobs.values() if asked and job["labels"].get("run") == asked]

    def launch(self, call: Call) -> Answer:
        job = _job(f"{next(self.ids):024x}", call.parts[0]) | {"labels": call.body["labels"]}
        self.jobs[job["id"]] = job
        return 200, job

    def inspect(self, call: Call) -> Answer:
        """A Job that nobody launched here was launched before the bench began, and runs."""
        return 200, self.jobs.get(call.parts[1]) or _job(call.parts[1], call.parts[0])

    def webhooks(self, _call: Call) -> Answer:
        return 200, []


LAUNCH = "POST job"
_MODEL = r"/api/models/([^/]+/[^/]+)"
ROUTES: list[tuple[str, re.Pattern[str], Callable[[CheapHub, Call], Answer]]] = [
    (name, re.compile(pattern), answer)
    for name, pattern, answer in [
        ("GET job", r"/api/jobs/([^/]+)/([0-9a-f]{24})", CheapHub.inspect),
        ("GET whoami", r"/api/whoami-v2", CheapHub.me),
        ("GET user", r"/api/users/([^/]+)/overview", CheapHub.person),
        ("GET discussion", rf"{_MODEL}/discussions/(\d+)", CheapHub.discussion),
        ("POST comment", rf"{_MODEL}/discussions/(\d+)/comment", CheapHub.say),
        ("POST edit", rf"{_MODEL}/discussions/(\d+)/comment/([^/]+)/edit", CheapHub.edit),
        ("GET model", rf"{_MODEL}(?:/revision/[^/]+)?", CheapHub.model),
        ("GET hardware", r"/api/jobs/hardware", CheapHub.hardware),
        ("GET jobs", r"/api/jobs/([^/]+)", CheapHub.find_jobs),
        (LAUNCH, r"/api/jobs/([^/]+)", CheapHub.launch),
        ("POST bucket", r"/api/buckets/([^/]+/[^/]+)", CheapHub.bucket),
        ("GET webhooks", r"/api/settings/webhooks", CheapHub.webhooks),
        ("GET counts", r"/__counts", CheapHub.said),
        ("PUT slow", r"/__slow", CheapHub.set_slow),
    ]
]


def id_of(name: str) -> str:
    """The Hub's id of whoever or whatever is called this."""
    return hashlib.sha256(name.encode()).hexdigest()[:24]


def comment_of(model: str) -> str:
    """The id of the comment that the discussion on this model began with."""
    return id_of(f"comment on {model}")


def _comment(comment_id: str, author: str, text: str) -> dict[str, Any]:
    by = {"name": author, "_id": id_of(author)}
    latest = {"raw": text, "html": "", "updatedAt": WHEN, "author": by}
    data = {"edited": False, "hidden": False, "latest": latest, "numEdits": 0, "history": []}
    return {"id": comment_id, "type": "comment", "createdAt": WHEN, "author": by, "data": data}


def _job(job_id: str, owner: str) -> dict[str, Any]:
    by = {"id": id_of(owner), "name": owner, "type": "user"}
    about = {"id": job_id, "createdAt": WHEN, "owner": by, "labels": {}, "flavor": "cpu-basic"}
    return about | {"dockerImage": "x", "command": [], "status": {"stage": "RUNNING", "message": None}}


async def _body_of(receive: Receive) -> Any:
    body = b""
    while (message := await receive())["type"] == "http.request":
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return json.loads(body) if body else None


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m scripts.bench.cheap_hub", description=__doc__)
    parser.add_argument("port", type=int)
    uvicorn.run(
        CheapHub(), host="127.0.0.1", port=parser.parse_args().port, log_level="warning", access_log=False
    )


if __name__ == "__main__":
    main()
