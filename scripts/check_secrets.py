"""No secret in any tracked file: detect-secrets over what git tracks, and the project's own token shapes.

A false alarm is silenced where it stands, with `pragma: allowlist secret` and a reason.
"""

import re
import subprocess
import sys
from pathlib import Path

from detect_secrets import SecretsCollection
from detect_secrets.settings import transient_settings

TOKEN = re.compile(r"hf_[A-Za-z0-9]{30,}|hf_oauth_[A-Za-z0-9_]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY-----")
PLUGINS = (
    "AWSKeyDetector",
    "DiscordBotTokenDetector",
    "GitHubTokenDetector",
    "JwtTokenDetector",
    "OpenAIDetector",
    "PrivateKeyDetector",
    "SlackDetector",
    "StripeDetector",
    "PypiTokenDetector",
)


def main() -> int:
    names = subprocess.run(["git", "ls-files", "-z"], capture_output=True, check=True).stdout.decode()
    files = [Path(name) for name in names.split("\0") if name and Path(name).is_file()]
    found = [*_detected(files), *_own(files)]
    print("\n".join(found) or f"no secret in {len(files)} tracked files")
    return 1 if found else 0


def _detected(files: list[Path]) -> list[str]:
    secrets = SecretsCollection()
    with transient_settings({"plugins_used": [{"name": name} for name in PLUGINS]}):
        for file in files:
            secrets.scan_file(str(file))
    return [f"{name}:{secret.line_number}: {secret.type}" for name, secret in secrets]


def _own(files: list[Path]) -> list[str]:
    return [f"{file}:{number}: a token of the Hub" for file in files for number in _lines_with_token(file)]


def _lines_with_token(file: Path) -> list[int]:
    lines = ["", *file.read_text(errors="ignore").splitlines()]
    return [
        number
        for number, line in enumerate(lines)
        if TOKEN.search(line)
        and not any("pragma: allowlist" in near for near in lines[number - 1 : number + 1])
    ]


if __name__ == "__main__":
    sys.exit(main())
