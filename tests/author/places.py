"""The real parts around an agent: its confinement, its workspace, and alice's Space on the local Hub."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pydantic import JsonValue

from tests.harness.local_hub import LocalHub
from worker.author.broker import Broker, Limit
from worker.author.confinement import Confinement
from worker.author.guard import Allowed, Refusal, check
from worker.author.laboratory import Laboratory
from worker.author.workspace import Workspace, read_workspace
from worker.card import Card
from worker.hub import Hub
from worker.redact import Redactor
from worker.space import Space, Wanted, create_space

CARD = Card(model_id="alice/model", revision="a" * 40, pipeline_tag="text-generation")
README = "---\ntitle: Demo\nsdk: gradio\nsdk_version: 6.31.0\napp_file: app.py\n"
README += "models:\n- alice/model\n---\n# Demo\n"
APP = f'''import gradio as gr
import torch
from transformers import pipeline
write = pipeline("text-generation", model="alice/model", revision="{"a" * 40}")
def generate(text: str) -> str:
    return write(text)[0]["generated_text"]
gr.Interface(generate, "text", "text", api_name="generate").launch()
'''
# There is no such version: a Space's build ends there, before it downloads torch.
FILES = {"app.py": APP, "requirements.txt": "transformers==0.0.0\ntorch\n", "README.md": README}
FAST = {verb: Limit(1000, 0) for verb in ("push", "status", "logs", "call", "restart")}


@dataclass
class Place:
    """An agent's place with a broker, and what the broker told the record."""

    hub: Hub
    confinement: Confinement
    laboratory: Laboratory
    broker: Broker
    space_id: str
    told: list[dict[str, JsonValue]] = field(default_factory=list)

    def write(self, files: dict[str, str]) -> None:
        for path, text in files.items():
            file = self.confinement.workspace / path
            file.parent.mkdir(parents=True, exist_ok=True)
            self.confinement.own(file.parent)
            self.confinement.write(file, text)

    def agent(self, *argv: str, seconds: float = 100) -> tuple[int | None, str]:
        """Run a command as the agent; its exit code and what it said."""
        log = self.confinement.outside / f"log-{secrets.token_hex(4)}"
        process = self.confinement.start(
            list(argv),
            cwd=self.confinement.workspace,
            env=self.broker.environment,
            log=log,
            ports=(self.broker.port,),
        )
        assert process.wait(seconds), log.read_text()
        return process.code, log.read_text()

    def files_of_space(self) -> set[str]:
        return set(self.hub.api.list_repo_files(self.space_id, repo_type="space")) - {".gitattributes"}


@contextmanager
def place_of(
    local_hub: LocalHub, *, limits: dict[str, Limit] | None = None, checked: bool = True
) -> Iterator[Place]:
    """With `checked=False` the guard stays away, for apps that a test keeps small."""
    hub = Hub(local_hub.token("alice"), local_hub.endpoint)
    redactor = Redactor([hub.token])
    space_id = f"alice/made-{secrets.token_hex(3)}"

    def made() -> Space:
        return create_space(hub, space_id, "run-1", Wanted(options=()))

    def guard(workspace: Workspace) -> tuple[Refusal, ...]:
        return check(workspace, Allowed(CARD, "/generate"), redactor) if checked else ()

    told: list[dict[str, JsonValue]] = []
    with Confinement() as confinement:

        def read() -> Workspace:
            return read_workspace(confinement.workspace, confinement.uid)

        laboratory = Laboratory(hub, "run-1", made, read, guard, redactor)
        with Broker(laboratory, told.append, limits or FAST) as broker:
            yield Place(hub, confinement, laboratory, broker, space_id, told)
