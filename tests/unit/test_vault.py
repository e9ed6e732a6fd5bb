"""Secrets at rest."""

import pytest
from cryptography.exceptions import InvalidTag

from bot.settings import new_vault_key
from bot.store.vault import Vault


def test_what_is_sealed_can_be_opened_by_its_owner_only() -> None:
    vault = Vault([new_vault_key()])
    sealed = vault.seal("a token", "ada")

    assert vault.open(sealed, "ada") == "a token"
    assert b"a token" not in sealed
    with pytest.raises(InvalidTag):
        vault.open(sealed, "bob")


def test_keys_rotate_without_losing_what_was_sealed_before() -> None:
    old, new = new_vault_key(), new_vault_key()
    sealed = Vault([old]).seal("a token", "ada")

    assert Vault([new, old]).open(sealed, "ada") == "a token"
    with pytest.raises(KeyError):
        Vault([new]).open(sealed, "ada")


def test_a_signature_is_good_for_its_text_and_survives_a_rotation() -> None:
    old, new = new_vault_key(), new_vault_key()
    signature = Vault([old]).sign("report:r_1")

    assert Vault([new, old]).is_signature("report:r_1", signature)
    assert not Vault([new, old]).is_signature("report:r_2", signature)
    assert not Vault([new]).is_signature("report:r_1", signature)
    assert not Vault([old]).is_signature("report:r_1", "ä")
