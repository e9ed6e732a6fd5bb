"""The command line: read settings, build the app, run it."""

import argparse
import gc
import sys
from importlib import import_module
from types import ModuleType

COMMANDS = {
    "serve": ("bot.serve", "run the bot (settings come from the environment)"),
    "deploy": ("bot.deploy", "make a whole deployment on the Hub, or bring it up to date (--dry-run)"),
    "check": ("bot.check", "what is taken for granted about the Hub, and whether it is so (--live)"),
    "demo": ("bot.demo", "play the main job on this machine: local Hub, bot, a comment, a Space"),
    "localhub": ("bot.localhub.serve", "run only the local Hub"),
    "replay": ("bot.replay", "give the bot a delivery again, or see what it would decide (--dry-run)"),
    "rekey": ("bot.rekey", "seal all tokens with the newest vault key"),
    "settings": ("bot.settings", "print every setting with its sentence, as in .env.example"),
}


def main(arguments: list[str]) -> int:
    """Hand over to the command's own module, which reads the rest of the line."""
    lines = "\n".join(f"  {name:<10}{sentence}" for name, (_, sentence) in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="Space Factory: from a model card to a private Space that has answered.",
        epilog=f"commands:\n{lines}\n\n`python -m bot COMMAND --help` says more.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND")
    command = parser.parse_args(arguments[:1]).command
    return int(_imported(COMMANDS[command][0]).main(arguments[1:]) or 0)


def _imported(name: str) -> ModuleType:
    """What is imported stays: Python need not look through it for garbage, neither now nor later."""
    gc.disable()
    module = import_module(name)
    gc.freeze()
    gc.enable()
    return module


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
