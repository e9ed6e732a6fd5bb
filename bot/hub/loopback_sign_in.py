"""Sign in from a command line: the browser comes back to this machine's own port, once."""

import hmac
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

from bot.hub.oauth import SCOPES, OAuthApp, TokenPair, new_secret

SCOPE = " ".join(SCOPES)
THANKS = b"Thank you. You may close this page and go back to the terminal.\n"
OTHER = b"This is not the answer that is waited for.\n"
SECONDS_EACH = 5.0


class NotSignedIn(Exception):
    """Nobody came back in time, or they did not allow it."""


def sign_in(app: OAuthApp, port: int, seconds: float, show: Callable[[str], None]) -> TokenPair:
    """Show the link and wait. Raises NotSignedIn, and what the exchange raises."""
    state, verifier = new_secret(), new_secret()
    answers: list[dict[str, str]] = []
    try:
        server = HTTPServer(("127.0.0.1", port), _listening(state, answers))
    except OSError as taken:
        raise NotSignedIn(f"port {port} can't be used ({taken.strerror}); give another with --port") from None
    with server:
        server.timeout = SECONDS_EACH
        show(app.authorize_url(state, verifier, SCOPE))
        until = time.monotonic() + seconds
        while not answers and time.monotonic() < until:
            server.handle_request()
    if not answers:
        raise NotSignedIn("nobody came back in time")
    if "code" not in answers[0]:
        raise NotSignedIn(f"the Hub said {answers[0].get('error', 'nothing')[:60]}")
    return app.exchange(answers[0]["code"], verifier, SCOPE)


def _listening(state: str, answers: list[dict[str, str]]) -> type[BaseHTTPRequestHandler]:
    class Callback(BaseHTTPRequestHandler):
        timeout = SECONDS_EACH

        def do_GET(self) -> None:
            answer = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            is_ours = hmac.compare_digest(answer.get("state", "").encode(), state.encode())
            if is_ours:
                answers.append(answer)
            self.send_response(200 if is_ours else 400)
            self.send_header("Content-Type", "text/plain")
            self.end_headers()
            self.wfile.write(THANKS if is_ours else OTHER)

        def log_message(self, format: str, *args: object) -> None:
            """Its addresses carry the code."""

    return Callback
