"""A second bot beside the world's own, as an operator starts several on one PostgreSQL."""

from tests.harness.bot import BotProcess
from tests.harness.world import World, free_port


class Another:
    """A second process with the settings of the first, on a port of its own."""

    def __init__(self, world: World) -> None:
        port = free_port()
        folder = world.folder / str(port)
        folder.mkdir()
        own = {"port": port, "public_url": f"http://127.0.0.1:{port}"}
        self.bot = BotProcess(world.settings.model_copy(update=own), folder)

    def __enter__(self) -> BotProcess:
        return self.bot

    def __exit__(self, *_error: object) -> None:
        self.bot.kill()
