"""A browser without JavaScript: cookies, redirects, links and forms, over real HTTP."""

import re
from html import unescape

import httpx2


class Browser:
    """One person's browser; it can hold cookies of the bot and of the local Hub alike."""

    def __init__(self) -> None:
        self._client = httpx2.Client(follow_redirects=True, timeout=20)
        self.page: httpx2.Response | None = None

    def open(self, url: str) -> httpx2.Response:
        self.page = self._client.get(url)
        return self.page

    def submit(self, action_contains: str, **values: str) -> httpx2.Response:
        """Send the form of this page whose action (or button) matches, with its hidden fields."""
        assert self.page is not None
        for form in re.findall(r"<form\b.*?</form>", self.page.text, re.S):
            if action_contains in form:
                return self._send(form, values)
        raise AssertionError(f"no form with {action_contains!r} on {self.page.url}:\n{self.page.text[:3000]}")

    def press(self, action: str) -> httpx2.Response:
        """A button of this page that belongs to the form `act` and leads there."""
        assert self.page is not None and f'formaction="{action}"' in self.page.text, action
        form = re.search(r'<form id="act".*?</form>', self.page.text, re.S)
        assert form
        return self._send(form[0].replace(">", f' action="{action}">', 1), {})

    def post(self, url: str, **values: str) -> httpx2.Response:
        """As a form of that very site would."""
        return self._post(url, values)

    def _post(self, url: str, values: dict[str, str]) -> httpx2.Response:
        site = httpx2.URL(url)
        headers = {"Origin": f"{site.scheme}://{site.netloc.decode()}"}
        self.page = self._client.post(url, data=values, headers=headers)
        return self.page

    def _send(self, form: str, values: dict[str, str]) -> httpx2.Response:
        assert self.page is not None
        tag = form.split(">", 1)[0]
        action = re.search(r'action="([^"]*)"', tag)
        url = self.page.url.join(unescape(action[1])) if action else self.page.url
        fields = {}
        for field in re.findall(r"<input\b[^>]*>", form):
            name = re.search(r'name="([^"]*)"', field)
            value = re.search(r'value="([^"]*)"', field)
            if name and value and 'type="hidden"' in field:
                fields[unescape(name[1])] = unescape(value[1])
        return self._post(str(url), fields | values)

    def forgets(self, cookie: str) -> None:
        self._client.cookies.delete(cookie)

    def cookies_for(self, url: str) -> str:
        """As this browser would send them there."""
        request = self._client.build_request("GET", url)
        return str(request.headers.get("cookie", ""))

    def close(self) -> None:
        self._client.close()
