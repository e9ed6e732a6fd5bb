"""Tokens that an older key sealed, sealed again with the newest."""

from dataclasses import replace

from bot.store.accounts import AccountRow, Accounts
from bot.store.vault import Vault


def reseal(account: AccountRow, store: Accounts, vault: Vault) -> bool:
    """Whether that was needed."""
    sealed = [each for each in (account.access_token, account.refresh_token) if each]
    if all(vault.is_newest(each) for each in sealed):
        return False
    again = [vault.seal(vault.open(each, account.user_id), account.user_id) for each in sealed]
    refresh = again[1] if account.refresh_token else None
    return store.reseal(account, replace(account, access_token=again[0], refresh_token=refresh))
