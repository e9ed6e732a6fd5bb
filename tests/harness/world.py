"""The whole product in this process, with a real local Hub beside it, and people around it.

Only time is a stand-in. Leaving the world is itself a check: see `leaving.py`.
"""

from __future__ import annotations

import logging
import secrets
import socket
import time
from pathlib import Path

import httpx2
from sqlalchemy import Engine

from bot.context import Context
from bot.domain.models import Run
from bot.log import JsonLine
from bot.settings import Settings, new_vault_key
from bot.store.database import open_database
from bot.store.deliveries import Deliveries
from bot.store.run_events import RunEvents
from bot.store.runs import Runs
from bot.store.watches import Watches
from tests.harness.bot import BotHere, BotProcess
from tests.harness.forked_hub import ForkedHub
from tests.harness.local_hub import people
from tests.harness.people import Person, Thread, without_ids

PEOPLE = ("ada", "bob", "space-factory")
SENTIMENT = "zoo/product-reviews-sentiment"
DIGITS = "zoo/handwritten-digits"


class World:
    """Defaults that tests need not mention: ada and bob, two models of the zoo, a webhook on the zoo."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.hub = ForkedHub(
            folder / "hub", [*people(*PEOPLE), "--oauth-app", f"space-factory={self.url}/callback"]
        ).start()
        self.settings = self._settings(settings)
        self.threads: list[Thread] = []
        self.people: dict[str, Person] = {}
        self.log = _LogFile(folder / "bot.log")
        self.late = 0.0
        self._databases: list[Engine] = []
        self._bot: BotHere | BotProcess | None = None
        self.starts()
        self.reads_again()
        self.listens_to("zoo")

    def person(self, name: str) -> Person:
        if name not in self.people:
            self.people[name] = Person(self, name)
        return self.people[name]

    @property
    def ada(self) -> Person:
        return self.person("ada")

    @property
    def bob(self) -> Person:
        return self.person("bob")

    @property
    def ctx(self) -> Context:
        assert isinstance(self._bot, BotHere)
        ctx: Context = self._bot.app.state.ctx
        return ctx

    @property
    def process(self) -> BotProcess:
        assert isinstance(self._bot, BotProcess)
        return self._bot

    def listens_to(self, owner: str, kind: str = "org") -> None:
        """The bot account's webhook on everything of one owner."""
        api = self.hub.api("space-factory")
        api.create_webhook(
            url=f"{self.url}/webhooks/hub",
            watched=[{"type": kind, "name": owner}],  # type: ignore[list-item]  # the client takes dicts
            domains=["discussion"],
            secret=self.webhook_secret,
        )

    def reads_again(self) -> None:
        """The harness reads the rows with its own eyes, whether the bot runs in this process or another."""
        main = open_database(self.settings.main_database, "main")
        inbox = open_database(self.settings.inbox_database, "inbox")
        self._databases += [main, inbox]
        self.rows, self.run_events, self.watches = Runs(main), RunEvents(main), Watches(main)
        self.deliveries = Deliveries(inbox)

    @property
    def webhook_secret(self) -> str:
        return self.settings.webhook_secrets[0].get_secret_value()

    def delivers_to(self, door: str, body: object, secret: str) -> int:
        """The status of the answer to a delivery that anybody could send."""
        headers = {"X-Webhook-Secret": secret}
        return httpx2.post(f"{self.url}/webhooks/{door}", json=body, headers=headers).status_code

    def runs(self) -> list[Run]:
        """Every run, newest first."""
        seen = [run for name in PEOPLE for run in self.rows.visible_to(self.hub.user_id(name), 1000)]
        return sorted({run.id: run for run in seen}.values(), key=lambda run: -run.created_at)

    def clock(self) -> float:
        return time.time() + self.late

    def passes(self, hours: float) -> None:
        """Time goes by at once, for the bot only."""
        self.late += hours * 3600

    def starts(self) -> None:
        self._bot = BotHere(self.settings, self.clock, self.port)

    def starts_as_process(self) -> None:
        """As in production, so that it can be killed."""
        self._bot = BotProcess(self.settings, self.folder)

    def starts_doomed(self, step: str, moment: str) -> None:
        """As a process that is killed once, at this moment of this step of a run."""
        doom = ("tests.harness.dying_bot", step, moment, str(self.folder / "died"))
        self._bot = BotProcess(self.settings, self.folder, *doom)

    def dies(self, seconds: float = 180) -> None:
        """Its time has come."""
        assert isinstance(self._bot, BotProcess)
        self._bot.dies(seconds)
        self._bot = None

    def stops(self) -> None:
        assert self._bot is not None
        self._bot.stop()
        self._bot = None

    def kills(self) -> None:
        """kill -9, and not a word to the bot."""
        assert isinstance(self._bot, BotProcess)
        self._bot.kill()
        self._bot = None

    def restarts(self) -> None:
        self.stops()
        self.starts()

    def plain(self, text: str) -> str:
        """A reply with addresses and ids as words."""
        return without_ids(text.replace(self.url, "BOT").replace(self.hub.endpoint, "HUB"))

    def close(self) -> None:
        for person in self.people.values():
            person.browser.close()
        if self._bot:
            self.stops()
        for database in self._databases:
            database.dispose()
        self.hub.stop()
        self.log.close()

    def _settings(self, changed: dict[str, object]) -> Settings:
        oauth = self.hub.ready["oauth"]["space-factory"]
        values = {
            "bot_token": self.hub.token("space-factory"),
            "webhook_secrets": secrets.token_hex(32),
            "vault_keys": new_vault_key(),
            "oauth_client_id": oauth["client_id"],
            "oauth_client_secret": oauth["client_secret"],
            "openid_provider_url": self.hub.endpoint,
            "hf_endpoint": self.hub.endpoint,
            "public_url": self.url,
            "data_dir": self.folder / "bot",
            "job_image": "space-factory/worker",
            "edit_seconds": 0.5,
            "upkeep_seconds": 0.3,
            "host": "127.0.0.1",
            "port": self.port,
        }
        return Settings.model_validate(values | changed)


class _LogFile:
    """Everything the bot logs, as it would be in production, and how bad the worst of it was."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.errors: list[str] = []
        self._handler = logging.FileHandler(file)
        self._handler.setFormatter(JsonLine())
        self._handler.addFilter(self._note)
        root = logging.getLogger()
        root.addHandler(self._handler)
        root.setLevel("INFO")

    def _note(self, record: logging.LogRecord) -> bool:
        if record.levelno >= logging.ERROR:
            self.errors.append(record.getMessage())
        return True

    def close(self) -> None:
        logging.getLogger().removeHandler(self._handler)
        self._handler.close()


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
    return port
