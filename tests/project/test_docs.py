"""Rules about the project itself: what is written about it is true."""

from pathlib import Path

from bot.domain.commands import COMMANDS
from bot.settings import Settings, example

ROOT = Path(__file__).parents[2]


def test_env_example_is_what_the_settings_say() -> None:
    assert (ROOT / ".env.example").read_text() == example()


def test_every_setting_has_a_sentence() -> None:
    for name, setting in Settings.model_fields.items():
        assert setting.description and setting.description.endswith("."), name


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [row.name for row in COMMANDS if f"`{row.name}" not in readme] == []


def test_locks_name_no_registry() -> None:
    for lock in (ROOT / "requirements").glob("*.lock"):
        assert "://" not in lock.read_text(), lock.name
