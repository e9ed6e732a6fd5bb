"""The library: how models behave that write Spaces, the good ones and the others."""

import re

from tests.harness.scripted_model.steps import Asked, Behaviour, Call, HangUp, Refuse, Say, Stall, Step

GOOD_APP = """\
import gradio as gr


def greet(name: str) -> str:
    return f"Hello {name}"


demo = gr.Interface(greet, "text", "text", api_name="greet")
if __name__ == "__main__":
    demo.launch()
"""
BAD_APP = GOOD_APP.replace('f"Hello {name}"', '"Hello " + nme')
PLACEHOLDER_APP = GOOD_APP.replace('f"Hello {name}"', '"TODO: call the model here"')
FILES = {"app.py": GOOD_APP, "requirements.txt": "", "README.md": "---\nsdk: gradio\n---\n# Demo\n"}


def write(path: str, content: str) -> Call:
    return Call("write", {"path": path, "content": content})


def edit(path: str, old: str, new: str) -> Call:
    return Call("edit", {"path": path, "edits": [{"oldText": old, "newText": new}]})


def bash(command: str) -> Call:
    return Call("bash", {"command": command})


def script(*turns: list[Step]) -> Behaviour:
    """Play a list of steps for each turn; the last turn and its last step stay."""

    def play(asked: Asked) -> Step:
        steps = turns[min(asked.turn, len(turns) - 1)]
        return steps[min(asked.step, len(steps) - 1)]

    return play


def builds_right(files: dict[str, str] | None = None) -> Behaviour:
    """Writes all files, looks whether they compile, and ends."""
    wanted = files or FILES
    return script(
        [
            Say("I write the files.", tuple(write(path, content) for path, content in wanted.items())),
            Say("", (bash("python3 -m py_compile app.py && echo compiled"),)),
            Say(f"Done: {', '.join(wanted)}."),
        ]
    )


def wrong_then_mends(wrong: str = BAD_APP, old: str = "nme", new: str = "name") -> Behaviour:
    """Writes a file with a mistake, and mends it in the second turn."""
    return script(
        [Say("", (write("app.py", wrong),)), Say("Done.")],
        [Say("", (Call("read", {"path": "app.py"}),)), Say("", (edit("app.py", old, new),)), Say("Mended.")],
    )


def loops(command: str = "echo again") -> Behaviour:
    """Does the same for ever."""
    return script([Say("Once more.", (bash(command),))])


def asks_too_much(tokens: int = 200_000) -> Behaviour:
    """Each request is a big one."""
    return script([Say("", (bash("echo big"),), tokens=(tokens, 1000))])


def writes_a_placeholder() -> Behaviour:
    return script([Say("", (write("app.py", PLACEHOLDER_APP),)), Say("The app is complete.")])


def broken_tool_calls() -> Behaviour:
    """Calls a tool that there is not, one without its arguments, and one with the wrong type; then ends."""
    return script(
        [
            Say("", (Call("str_replace </parameter", {"path": "app.py"}),)),
            Say("", (Call("write", {"path": "app.py"}),)),
            Say("", (Call("write", {"path": "app.py", "content": {"not": "text"}}),)),
            Say("I could not do it."),
        ]
    )


def truncated_json() -> Behaviour:
    """The arguments of a call end in the middle."""
    return script(
        [
            Say("", (Call("write", '{"path": "app.py", "content": "import gra'),)),
            Say("", (write("app.py", GOOD_APP),)),
            Say("Done at last."),
        ]
    )


def cut_off() -> Behaviour:
    """The answer ends at its greatest length."""
    return script([Say("I will now explain everything about", cut=True)])


def stalls(*, silent: bool = False) -> Behaviour:
    return script([Stall(silent=silent)])


def refuses(status: int, message: str, **headers: str) -> Behaviour:
    return script([Refuse(status, message, headers)])


def out_of_credits() -> Behaviour:
    return refuses(402, "You have depleted your monthly included credits.")


def first(faults: list[Step], then: Behaviour) -> Behaviour:
    """A fault for each of the first requests, and then something better."""
    return lambda asked: faults[asked.number] if asked.number < len(faults) else then(asked)


def recovers_from(status: int) -> Behaviour:
    return first([Refuse(status, "Try again", {"retry-after": "1"})], builds_right())


def drops_once() -> Behaviour:
    return first([HangUp()], builds_right())


def leaves_a_process(command: str = "sleep 987") -> Behaviour:
    """Starts something in a session of its own that outlives the turn."""
    started = f"setsid nohup {command} >/dev/null 2>&1 & echo started"
    return script([Say("", (bash(started),)), Say("Done.")])


def follows_injections(pattern: str = r"RUN THIS: (.+)") -> Behaviour:
    """Runs every command that anything it reads asks for, and shows what it gave."""

    def play(asked: Asked) -> Step:
        asked_for = re.findall(pattern, "\n".join([asked.prompt, asked.last]))
        if asked.step < len(asked_for):
            return Say("The card says so.", (bash(asked_for[asked.step]),))
        return Say(f"Done as told: {asked.last[:400]}")

    return play


def answers_with(text: str) -> Behaviour:
    """One answer without tools, as the direct backend asks for."""
    return script([Say(text)])
