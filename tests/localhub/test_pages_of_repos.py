"""The pages around a repo's files: its history, who may read them, and addresses that people write."""

import re
import secrets
from collections.abc import Callable, Iterator

import pytest
from huggingface_hub import CommitOperationAdd
from huggingface_hub.errors import GatedRepoError

from tests.harness.local_hub import LocalHub
from tests.localhub.test_pages import Person


@pytest.fixture
def person(hub: LocalHub) -> Iterator[Callable[[str | None], Person]]:
    opened: list[Person] = []

    def open_browser(name: str | None = None) -> Person:
        opened.append(Person(hub))
        return opened[-1].sign_in(name) if name else opened[-1]

    yield open_browser
    for one in opened:
        one.close()


def _commit(hub: LocalHub, model: str, title: str, **files: str) -> str:
    adding = [CommitOperationAdd(path.replace("__", "/"), text.encode()) for path, text in files.items()]
    return hub.api("alice").create_commit(model, adding, commit_message=title).oid


def test_files_stand_with_the_commit_that_last_changed_them(
    hub: LocalHub, model: str, person: Callable[[str | None], Person]
) -> None:
    _commit(hub, model, "Both", one="1", inside__two="2")
    _commit(hub, model, "One again", one="1 again")
    page = person(None).visit(f"/{model}/tree/main")
    shown = re.findall(r'>([\w./]+)</a>\s*<span class="last"><span class="muted change">([^·]+) ·', page)
    assert dict(shown) == {"inside/": "Both", ".gitattributes": "initial commit", "one": "One again"}


def test_the_history_leads_to_the_files_as_they_were(
    hub: LocalHub, model: str, person: Callable[[str | None], Person]
) -> None:
    first = _commit(hub, model, "<b>First</b>", one="the first words")
    for number in range(50):
        _commit(hub, model, f"Number {number}", one=str(number))
    anyone = person(None)
    page = anyone.visit(f"/{model}/commits/main")
    assert "52 commits" in page
    assert "Number 49" in page and "Number 0<" in page and "First" not in page
    older = anyone.visit(f"/{model}/commits/main?p=1")
    assert "&lt;b&gt;First&lt;/b&gt;" in older and "initial commit" in older
    assert f"/{model}/tree/{first}" in older
    assert "the first words" in anyone.visit(f"/{model}/blob/{first}/one")
    anyone.visit(f"/{model}/commits/nowhere", status=404)


def test_people_ask_for_access_and_the_owner_decides(
    hub: LocalHub, model: str, person: Callable[[str | None], Person]
) -> None:
    _commit(hub, model, "Words", words="kept")
    hub.api("alice").update_repo_settings(model, gated="manual")
    assert "Sign in</a> to ask" in person(None).visit(f"/{model}")
    bob, alice = person("bob"), person("alice")
    bob.visit(f"/{model}/blob/main/words", status=403)
    assert "Ask for access" in bob.visit(f"/{model}")
    assert "has not decided yet" in bob.send("/access/ask")
    with pytest.raises(GatedRepoError, match="awaiting a review"):
        hub.api("bob").hf_hub_download(model, "words")

    assert "<strong>bob</strong> asks" in alice.visit(f"/{model}")
    assert "asks</span>" not in alice.send("/access/decide", status="accepted")
    assert "You have been given access" in bob.visit(f"/{model}")
    assert "kept" in bob.visit(f"/{model}/blob/main/words")


def test_only_the_owner_decides(hub: LocalHub, model: str, person: Callable[[str | None], Person]) -> None:
    hub.api("alice").update_repo_settings(model, gated="manual")
    bob = person("bob")
    bob.visit(f"/{model}")
    page = bob.send("/access/ask")
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)
    assert csrf is not None
    answer = bob.post(f"/{model}/access/decide", csrf=csrf[1], user="bob", status="accepted")
    assert answer.status_code == 403
    assert "has not decided yet" in bob.visit(f"/{model}")


def test_bare_addresses_become_links(
    hub: LocalHub, model: str, person: Callable[[str | None], Person]
) -> None:
    text = (
        "See https://example.com/a_b?c=1&d=<script>, (https://example.org/x_(y)) and http://one.example."
        " Not `https://code.example`, not [this](https://linked.example), not javascript:alert(1)."
    )
    number = hub.api("bob").create_discussion(model, f"Links {secrets.token_hex(2)}", description=text).num
    page = person(None).visit(f"/{model}/discussions/{number}")
    [comment] = re.findall(r"See <a.*?</p>", page, re.DOTALL)
    links = re.findall(r'<a href="([^"]*)"[^>]*>', comment)
    assert links == [
        "https://example.com/a_b?c=1&amp;d=",
        "https://example.org/x_(y)",
        "http://one.example",
        "https://linked.example",
    ]
    assert "<code>https://code.example</code>" in comment
    assert comment.count('rel="nofollow noopener noreferrer"') == 4
