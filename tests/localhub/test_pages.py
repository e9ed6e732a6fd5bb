"""The pages, as a person with a browser without JavaScript uses them."""

from collections.abc import Callable, Iterator

import httpx2
import pytest

from tests.harness.browser import Browser
from tests.harness.local_hub import LocalHub
from tests.localhub.around_the_hub import Receiver
from tests.localhub.harmless import HOSTILE, assert_harmless, elements

PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\6\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\xdac\xfc"
    b"\xff\x9f\xa1\x1e\0\7\x82\2\x7f=\xc8H\xef\0\0\0\0IEND\xaeB`\x82"
)


class Person(Browser):
    """Someone at this Hub's pages."""

    def __init__(self, hub: LocalHub) -> None:
        super().__init__()
        self.hub = hub

    def sign_in(self, name: str) -> "Person":
        self.visit("/")
        self.submit('action="/login"', username=name)
        return self

    def visit(self, path: str, status: int = 200) -> str:
        answer = self.open(self.hub.endpoint + path)
        assert answer.status_code == status, (path, answer.status_code, answer.text[-800:])
        assert answer.headers["content-type"].startswith("text/html")
        return answer.text

    def send(self, action: str, **values: str) -> str:
        return self.submit(action, **values).text

    def post(self, path: str, **fields: str) -> httpx2.Response:
        """Send what no form of ours would send."""
        return self._client.post(self.hub.endpoint + path, data=fields)

    @property
    def path(self) -> str:
        assert self.page is not None
        return self.page.url.path


@pytest.fixture
def person(hub: LocalHub) -> Iterator[Callable[[str | None], Person]]:
    opened: list[Person] = []

    def open_browser(name: str | None = None) -> Person:
        opened.append(Person(hub))
        return opened[-1].sign_in(name) if name else opened[-1]

    yield open_browser
    for one in opened:
        one.close()


People = Callable[..., Person]


def put(hub: LocalHub, repo_id: str, path: str, content: bytes) -> None:
    hub.api("alice").upload_file(path_or_fileobj=content, path_in_repo=path, repo_id=repo_id)


def test_anyone_signs_in_as_anyone_and_out_again(person: People) -> None:
    alice = person("alice")
    assert "Sign out" in alice.visit("/")
    assert "Sign out" not in alice.send('action="/logout"')
    assert "Sign in" in alice.visit("/settings", status=401)


def test_the_link_to_sign_in_leads_back_to_the_page(person: People, model: str) -> None:
    stranger = person()
    page = stranger.visit(f"/{model}/discussions")
    [link] = {one["href"] for tag, one in elements(page) if tag == "a" and "/login" in one.get("href", "")}
    stranger.visit(link)
    stranger.submit('action="/login"', username="bob")
    assert stranger.path == f"/{model}/discussions"


def test_a_model_page_shows_the_card_and_its_metadata(hub: LocalHub, model: str, person: People) -> None:
    metadata = b"---\nlicense: mit\ntags: [tiny, fast]\nwidget:\n- text: Hello you\n---\n"
    put(hub, model, "README.md", metadata + b"# Tiny\n\nIt is **small**.\n")
    page = person().visit(f"/{model}")
    for shown in ("<strong>small</strong>", "mit", "tiny", "fast", "text: Hello you"):
        assert shown in page
    assert "---" not in page


def test_in_a_card_files_of_the_repo_are_shown_and_linked_and_comments_are_left_out(
    hub: LocalHub, model: str, person: People
) -> None:
    metadata = b"---\nlicense: mit\n---\n"
    card = b"![chart](img/a.png) [code](src/run.py) [up](../../../etc) [top](#top) <!-- for machines --> end"
    put(hub, model, "README.md", metadata + card)
    page = person().visit(f"/{model}")
    found = elements(page)
    assert f"/{model}/resolve/main/img/a.png" in {one.get("src") for tag, one in found if tag == "img"}
    links = {one.get("href") for tag, one in found if tag == "a"}
    assert {f"/{model}/blob/main/src/run.py", f"/{model}/blob/main/etc", "#top"} <= links
    assert "for machines" not in page


def test_hostile_text_stays_text_wherever_it_is_shown(hub: LocalHub, model: str, person: People) -> None:
    alice = person("alice")
    evil = "\n\n".join(HOSTILE)
    card = f"license: other\ntags: ['{HOSTILE[0]}']\n'{HOSTILE[1]}': {{a: '{HOSTILE[1]}'}}"
    put(hub, model, "README.md", f"---\n{card}\n---\n{evil}".encode())
    put(hub, model, "notes.txt", evil.encode())
    put(hub, model, "docs/<img src=x onerror=alert(1)>.md", evil.encode())
    alice.visit(f"/{model}/discussions")
    alice.send(f'action="/{model}/discussions"', title=HOSTILE[0], text=evil)
    alice.send('/comment"', text="</textarea>" + evil)
    thread = alice.path
    for path in (
        *(f"/{model}", f"/{model}/discussions", thread, f"{thread}/events", "/", "/alice"),
        *(f"/{model}/tree/main/docs", f"/{model}/blob/main/notes.txt", f"/models?search={HOSTILE[0]}"),
        f"/{model}/blob/main/docs/%3Cimg%20src=x%20onerror=alert(1)%3E.md",
    ):
        page = alice.visit(path)
        assert_harmless(page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in alice.visit(thread)


def test_a_person_opens_a_discussion_comments_and_edits_and_the_client_sees_it(
    hub: LocalHub, model: str, person: People
) -> None:
    bob = person("bob")
    bob.visit(f"/{model}/discussions")
    bob.send(f'action="/{model}/discussions"', title="May I ask?", text="How *fast* is it?")
    bob.send('/discussions/1/comment"', text="I mean on a phone.")
    seen = hub.api("alice").get_discussion_details(model, 1)
    comment = seen.events[1]
    page = bob.send(f"comment/{comment.id}/edit", text="I mean on an **old** phone.")
    assert "<em>fast</em>" in page and "<strong>old</strong>" in page
    assert "1 earlier version" in page and "I mean on a phone." in page
    seen = hub.api("alice").get_discussion_details(model, 1)
    assert (seen.title, seen.author) == ("May I ask?", "bob")
    assert [event.content for event in seen.events] == ["How *fast* is it?", "I mean on an **old** phone."]


def test_a_thread_can_be_closed_and_a_comment_hidden(hub: LocalHub, model: str, person: People) -> None:
    hub.api("bob").create_discussion(model, "Spam", description="buy things")
    alice = person("alice")
    alice.visit(f"/{model}/discussions/1")
    assert "buy things" not in alice.send("/hide")
    assert "closed this" in alice.send("/discussions/1/status")
    assert hub.api("bob").get_discussion_details(model, 1).status == "closed"


def test_the_fresh_part_of_a_thread_shows_what_others_write(
    hub: LocalHub, model: str, person: People
) -> None:
    hub.api("alice").create_discussion(model, "Plans", description="What next?")
    bob = person("bob")
    page = bob.visit(f"/{model}/discussions/1")
    [address] = [one["data-live"] for _, one in elements(page) if "data-live" in one]
    hub.api("alice").comment_discussion(model, 1, comment="A *second* one")
    part = bob.visit(address)
    assert "<em>second</em>" in part and "<html" not in part
    assert part in bob.visit(f"/{model}/discussions/1")


def test_a_form_counts_only_with_its_token_and_from_who_is_signed_in(
    hub: LocalHub, model: str, person: People
) -> None:
    hub.api("alice").create_discussion(model, "Mine", description="text")
    target = f"{hub.endpoint}/{model}/discussions/1/comment"
    with hub.browser() as other_site:
        assert other_site.post(target, data={"text": "x", "csrf": "x"}).status_code == 401
        other_site.post("/login", data={"username": "alice"})
        assert other_site.post(target, data={"text": "x"}).status_code == 403
        refused = other_site.post(target, data={"text": "x", "csrf": "guess"})
        assert refused.status_code == 403 and refused.headers["content-type"].startswith("text/html")
    assert len(hub.api("alice").get_discussion_details(model, 1).events) == 1
    assert "<textarea" not in person().visit(f"/{model}/discussions/1")


def test_nobody_edits_the_comment_of_someone_else_by_a_form_of_their_own(
    hub: LocalHub, model: str, person: People
) -> None:
    hub.api("alice").create_discussion(model, "Mine", description="by alice")
    first = hub.api("alice").get_discussion_details(model, 1).events[0]
    bob = person("bob")
    page = bob.visit(f"/{model}/discussions/1")
    assert f"{first.id}/edit" not in page and "/status" not in page
    csrf = next(one["value"] for tag, one in elements(page) if one.get("name") == "csrf")
    forged = bob.post(f"/{model}/discussions/1/comment/{first.id}/edit", csrf=csrf, text="by bob")
    assert forged.status_code == 403
    assert hub.api("alice").get_discussion_details(model, 1).events[0].content == "by alice"


def test_a_bad_form_is_answered_with_a_sentence_on_a_page(model: str, person: People) -> None:
    alice = person("alice")
    alice.visit(f"/{model}/discussions")
    page = alice.send(f'action="/{model}/discussions"', title="a", text="")
    assert "A title needs 3 to 200 characters" in page


def test_a_private_repo_does_not_exist_for_others(hub: LocalHub, model: str, person: People) -> None:
    put(hub, model, "README.md", b"---\nlicense: mit\n---\n# secret sauce")
    hub.api("alice").create_discussion(model, "Hidden plans", description="psst")
    hub.api("alice").update_repo_settings(model, private=True)
    stranger, bob, alice = person(), person("bob"), person("alice")
    for path in (
        "",
        "/tree/main",
        "/blob/main/README.md",
        "/discussions",
        "/discussions/1",
        "/discussions/1/events",
    ):
        assert "Sign in" in stranger.visit(f"/{model}{path}", status=401)
        assert "secret" not in bob.visit(f"/{model}{path}", status=404)
        alice.visit(f"/{model}{path}")
    for path in ("/", "/alice", f"/models?search={model}"):
        shown = f'href="/{model}"'
        assert (shown in stranger.visit(path), shown in bob.visit(path), shown in alice.visit(path)) == (
            (False, False, True)
        )


def test_files_are_listed_and_shown_as_what_they_are(hub: LocalHub, model: str, person: People) -> None:
    put(hub, model, "docs/guide.md", "# Grüße\n".encode())
    put(hub, model, "docs/dot.png", PNG)
    put(hub, model, "weights.bin", b"\0\1\2")
    put(hub, model, "long.txt", b"line\n" * 100_000 + b"the end")
    reader = person()
    listing = reader.visit(f"/{model}/tree/main")
    assert f'href="/{model}/tree/main/docs"' in listing and "500 kB" in listing
    assert "# Grüße" in reader.visit(f"/{model}/blob/main/docs/guide.md")
    assert "data:image/png;base64," in reader.visit(f"/{model}/blob/main/docs/dot.png")
    assert "This file is not text" in reader.visit(f"/{model}/blob/main/weights.bin")
    long = reader.visit(f"/{model}/blob/main/long.txt")
    assert "The file goes on" in long and "the end" not in long
    assert "There is no such file" in reader.visit(f"/{model}/blob/main/nothing.txt", status=404)
    assert "There is no such folder" in reader.visit(f"/{model}/tree/main/nothing", status=404)
    sha = hub.api().model_info(model).sha
    assert f"/{model}/blob/{sha}/weights.bin" in reader.visit(f"/{model}/tree/{sha}")


def test_links_hold_for_branches_and_files_with_unusual_names(
    hub: LocalHub, model: str, person: People
) -> None:
    put(hub, model, "a folder/100% sure?.txt", b"quite")
    hub.api("alice").create_branch(model, branch="try/this")
    reader = person()
    page = reader.visit(f"/{model}/tree/try%2Fthis")
    for step in ("/a%20folder", "100%25%20sure%3F.txt", "/resolve/"):
        [link] = {one["href"] for tag, one in elements(page) if tag == "a" and step in one["href"]}
        page = reader.open(hub.endpoint + link).text
    assert page == "quite"


def test_settings_show_webhooks_and_a_delivery_can_be_replayed(
    hub: LocalHub, model: str, listener: Receiver, person: People
) -> None:
    webhook = hub.api("bob").create_webhook(
        url=listener.url, watched=[{"type": "model", "name": model}], secret="very-secret-word"
    )
    hub.api("alice").create_discussion(model, "Replay me", description="x")
    first = listener.next()
    bob = person("bob")
    page = bob.visit("/settings")
    assert listener.url in page and "Replay me" in page and "very-secret-word" not in page
    bob.send("/replay")
    assert listener.next() == first
    assert listener.url not in person("alice").visit("/settings")
    hub.api("bob").delete_webhook(webhook.id)


def test_an_address_that_is_none_is_answered_with_a_page_and_the_api_stays_an_api(
    hub: LocalHub, person: People
) -> None:
    assert "Nothing here" in person().visit("/what/is/this/address", status=404)
    assert "Nothing here" in person().visit("/nobody-of-this-name", status=404)
    with hub.browser() as client:
        answer = client.get("/api/what/is/this")
        assert answer.status_code == 501 and "error" in answer.json()


def test_a_page_loads_nothing_from_elsewhere_and_runs_nothing_inline(person: People) -> None:
    browser = person("alice")
    page = browser.visit("/")
    assert browser.page is not None
    policy = browser.page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    for tag, one in elements(page):
        loaded = one.get("src") or (one.get("href") if tag == "link" else None)
        if loaded:
            assert browser.open(f"{browser.hub.endpoint}{loaded}").status_code == 200
