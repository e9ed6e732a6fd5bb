"""`python -m bot rekey`: seal every token with the newest vault key, so that older keys can be dropped.

The bot does the same at each use, so this is for tokens that nobody used meanwhile. It may run beside
the bot.
"""

import argparse
import sys

from pydantic import ValidationError

from bot.settings import Settings, what_is_wrong
from bot.store.accounts import Accounts
from bot.store.database import open_database
from bot.store.resealing import reseal
from bot.store.vault import Vault


def reseal_all(settings: Settings) -> int:
    """How many accounts were sealed with an older key."""
    store = Accounts(open_database(settings.main_database, "main"))
    vault = Vault([key.get_secret_value() for key in settings.vault_keys])
    rows = [store.get(user_id) for user_id in store.ids()]
    return sum(reseal(row, store, vault) for row in rows if row)


def main(arguments: list[str]) -> int:
    """Settings come from the environment, as for `serve`."""
    parser = argparse.ArgumentParser(
        prog="python -m bot rekey", description="Seal all tokens with the newest key."
    )
    parser.add_argument("--env-file", help="read settings from this file as well")
    env_file = parser.parse_args(arguments).env_file
    try:
        settings = Settings(_env_file=env_file)
    except ValidationError as error:
        sys.stderr.write(f"{what_is_wrong(error, env_file)}\n")
        return 2
    done = reseal_all(settings)
    sys.stdout.write(f"{done} accounts were sealed again; keys besides the newest can be dropped tomorrow.\n")
    return 0
