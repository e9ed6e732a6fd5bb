"""The bot's Markdown as Discord reads it."""

from bot.domain.discord_markdown import for_discord

LIVING = """⏳ **Building**

| Step | State | Time |
|---|---|---|
| Card | done: a \\| b | 1.2 s |
| Plan | waiting |  |

<details><summary>What was asked</summary>

- one

</details>

<sub>Version `abc` · [run page](https://x/runs/r) · Run `r`</sub>"""


def test_tables_become_lines_and_tags_go() -> None:
    assert for_discord(LIVING, 2000).split("\n") == [
        "⏳ **Building**",
        "",
        "▪ Card · done: a \\| b · 1.2 s",
        "▪ Plan · waiting",
        "",
        "**What was asked**",
        "",
        "- one",
        "",
        "-# Version `abc` · [run page](https://x/runs/r) · Run `r`",
    ]


def test_an_indented_log_is_fenced_and_cannot_leave_its_fence() -> None:
    said = for_discord("The log:\n\n    one\n    ```two\n\n<sub>end</sub>", 2000)

    assert said == "The log:\n\n```\none\n`\u200b``two\n```\n\n-# end"


def test_what_is_too_long_loses_its_middle_and_keeps_its_last_line() -> None:
    text = "\n".join([*["x" * 50] * 100, "    log", *["    more"] * 900, "<sub>Run `r_1`</sub>"])

    said = for_discord(text, 4096)

    assert len(said) <= 4096
    assert said.endswith("\n…\n-# Run `r_1`")
    assert said.count("```") % 2 == 0


def test_people_are_told_to_use_a_command_instead_of_a_mention() -> None:
    assert for_discord("Mention me with `build` to start.", 99) == "Use `/build` to start."
    assert for_discord("Or mention me with `retry`.", 99) == "Or use `/retry`."
