"""What the agent's code must not do, whatever it is for: read tokens, start programs, install at run time."""

import ast
import re
from collections.abc import Iterator

from worker.validate.evidence.source.program import Module, Program, dotted

Found = tuple[str, str, str]
"""Rule, what is wrong, what to do instead."""

SECRET_NAME = re.compile(r"token|secret|password|passwd|credential|api_?key|_key\b", re.IGNORECASE)
SECRET_PLACE = re.compile(r"/proc/|\.netrc|huggingface/token|stored_tokens|/run/secrets|\.ssh/|\.aws/")
ASKING_FOR_TOKENS = frozenset({"get_token", "HfFolder", "login", "notebook_login", "interpreter_login"})
STARTING = re.compile(
    r"(?:os\.(?:system|popen|exec\w+|spawn\w+|posix_spawnp?|fork|forkpty)|pty\.\w+|commands\.\w+"
    r"|asyncio\.create_subprocess_\w+|subprocess\.\w+)$"
)
PROGRAMS = frozenset({"ffmpeg", "ffprobe", "espeak", "espeak-ng", "sox", "soxi", "fluidsynth"})
"""Programs for media that an app may start by a list of arguments."""
INSTALLING = re.compile(r"\b(?:pip3?|uv|conda|apt|apt-get)\s+(?:pip\s+)?install\b|\bensurepip\b")
NOT_OF_A_SPACE = {
    "pip": "List the package in requirements.txt.",
    "ensurepip": "List the package in requirements.txt.",
    "ctypes": "Use a package from PyPI that has what you need.",
    "pty": "Start no shell.",
    "telnetlib": "Call nobody.",
    "ftplib": "Call nobody.",
    "smtplib": "Call nobody.",
}
ENVIRONMENT = "Read no token and no secret: the Space has none, and a public model needs none."
START = f"Use Python. Only {', '.join(sorted(PROGRAMS)[:4])} and the like may be started, by a literal list."


def shortcuts(program: Program, *, trust: bool) -> Iterator[Found]:
    for module in program.modules.values():
        where = module.name.replace(".", "/") + ".py"
        for source, _ in module.imported.values():
            if (top := source.split(".")[0]) in NOT_OF_A_SPACE:
                yield "import", f"{where} imports {top}.", NOT_OF_A_SPACE[top]
        for node in ast.walk(module.tree):
            for rule, said, fix in _found(module, node, trust=trust):
                line = getattr(node, "lineno", 1)
                yield rule, f"{where}, line {line}, {said}.", fix


def _found(module: Module, node: ast.AST, *, trust: bool) -> Iterator[Found]:
    match node:
        case ast.Call():
            yield from _call(module, node, trust=trust)
        case ast.Subscript(value=owner, slice=key, ctx=ast.Load()) if _whole(module, owner) == "os.environ":
            yield from _variable(key)
        case ast.Constant(value=str() as text):
            yield from _text(text)
        case ast.Name(id=name) if module.imported.get(name, ("", None))[1] in ASKING_FOR_TOKENS:
            yield "token", f"asks for a token with {name}", ENVIRONMENT


def _call(module: Module, call: ast.Call, *, trust: bool) -> Iterator[Found]:
    whole = _whole(module, call.func)
    first = call.args[0] if call.args else None
    if whole in {"os.environ.get", "os.getenv", "os.environ.pop"} and first is not None:
        yield from _variable(first)
    elif whole.startswith("os.environ.") and whole.split(".")[2] in {"items", "values", "copy"}:
        yield "token", "reads all variables", ENVIRONMENT
    elif any(_whole(module, each) == "os.environ" for each in _given(call)):
        yield "token", "hands on all variables", ENVIRONMENT
    elif whole.rpartition(".")[2] in ASKING_FOR_TOKENS and whole.startswith("huggingface_hub"):
        yield "token", f"asks for a token with {whole.rpartition('.')[2]}", ENVIRONMENT
    elif STARTING.match(whole) and not _plays_media(whole, call):
        yield "program", f"starts a program with {whole}", START
    for keyword in call.keywords:
        yield from _keyword(keyword, trust=trust)


def _keyword(keyword: ast.keyword, *, trust: bool) -> Iterator[Found]:
    match keyword:
        case ast.keyword(arg="trust_remote_code", value=ast.Constant(value=True)) if not trust:
            yield (
                "remote code",
                "runs code of the model's repo, and whoever asked for the Space has not allowed it",
                "Load the model without it, or name it in TECHNICAL_BLOCKERS.json.",
            )
        case ast.keyword(arg="share", value=ast.Constant(value=True)):
            yield "share", "opens a tunnel with share=True", "Leave it out: the Space has an address."


def _variable(name: ast.expr) -> Iterator[Found]:
    match name:
        case ast.Constant(value=str() as text) if not SECRET_NAME.search(text):
            return
        case ast.Constant(value=text):
            yield "token", f"reads the variable {text!r}", ENVIRONMENT
        case _:
            yield "token", "reads a variable by a name that is not written there", ENVIRONMENT


def _text(text: str) -> Iterator[Found]:
    if SECRET_PLACE.search(text):
        yield "token", "names a place where secrets are kept", ENVIRONMENT
    if INSTALLING.search(text) and len(text) < 300:
        yield "install", "installs a package at run time", "List it in requirements.txt."


def _plays_media(whole: str, call: ast.Call) -> bool:
    """Whether a program for media is started by a list that begins with its name."""
    shell = any(each.arg == "shell" for each in call.keywords)
    match call.args:
        case [ast.List(elts=[ast.Constant(value=str() as name), *_]), *_] if whole.startswith("subprocess."):
            return name in PROGRAMS and not shell
        case _:
            return False


def _given(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(each.value for each in call.keywords)]


def _whole(module: Module, node: ast.AST) -> str:
    """The dotted name of what is meant, through the names that the file imports it by."""
    top, _, rest = dotted(node).partition(".")
    source, name = module.imported.get(top, (top, None))
    return ".".join(part for part in (source, name, rest) if part)
