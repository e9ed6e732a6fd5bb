"""usage: space push | status [--wait SECONDS] | logs build|run | call [ENDPOINT JSON] | restart

push      publish the files of the workspace to your Space, if nothing speaks against them
status    what the Space is doing; with --wait until it runs or has failed
logs      the last lines of its build log or run log, the first error on top
call      call the running app: space call /generate '{"text": "hello"}'; a file of the workspace is given as
          {"file": "examples/a.png"}. Without arguments: what can be called, with its inputs
restart   start it anew
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request

SETTLED = ("RUNNING", "BUILD_ERROR", "CONFIG_ERROR", "RUNTIME_ERROR", "PAUSED", "STOPPED", "SLEEPING")
NOBODY = urllib.request.ProxyHandler({})


def ask(verb: str, asked: dict[str, object]) -> tuple[bool, str]:
    """Whether it was done, and what to say."""
    request = urllib.request.Request(  # noqa: S310 - the address is the one that the worker gave
        f"{os.environ['SPACE_BROKER']}/{verb}",
        data=json.dumps(asked).encode(),
        headers={"Authorization": f"Bearer {os.environ['SPACE_BROKER_KEY']}"},
    )
    try:
        with urllib.request.build_opener(NOBODY).open(request, timeout=900) as answer:
            said = json.load(answer)
    except (urllib.error.URLError, OSError, ValueError) as error:
        return False, f"The Space cannot be reached from here now: {error}"
    return bool(said["done"]), str(said["text"])


def wait(seconds: float) -> tuple[bool, str]:
    """The status once the pushed commit runs or has failed, or as it is when the time is over."""
    until = time.monotonic() + seconds
    while True:
        done, text = ask("status", {})
        told = dict(line.partition(": ")[::2] for line in text.splitlines())
        mine = told.get("commit", "") in {"", told.get("pushed", "")}
        if (mine and told.get("stage") in SETTLED) or time.monotonic() > until or not told.get("stage"):
            return done, text
        time.sleep(2)


def call(endpoint: str, text: str) -> tuple[bool, str]:
    try:
        inputs = json.loads(text)
    except ValueError as error:
        return False, f"The inputs are no JSON: {error}"
    if not isinstance(inputs, dict):
        return False, "Give the inputs as a JSON object, by their names."
    return ask("call", {"endpoint": endpoint, "inputs": inputs})


def run(words: list[str]) -> tuple[bool, str]:
    match words:
        case ["push" | "status" | "restart" as verb]:
            return ask(verb, {})
        case ["status", "--wait", seconds] if seconds.isdigit():
            return wait(float(seconds))
        case ["logs", "build" | "run" as of]:
            return ask("logs", {"of": of})
        case ["call"]:
            return ask("call", {})
        case ["call", endpoint, text]:
            return call(endpoint, text)
        case _:
            return False, str(__doc__)


def main() -> int:
    done, text = run(sys.argv[1:])
    sys.stdout.write(f"{text}\n")
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main())
