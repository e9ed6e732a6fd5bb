"""What is known about people and organisations, and what is theirs."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub.errors import HfHubHTTPError

from tests.harness.local_hub import LocalHub
from tests.localhub.around_the_hub import ARGUMENTS


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    """A Hub on which alice has a full name, and what acme makes is private."""
    more = ["--full-name", "alice=Alice Liddell", "--full-name", "acme=Acme, Inc.", "--private-by-default"]
    running = LocalHub(tmp_path_factory.mktemp("named") / "hub", [*ARGUMENTS, *more, "acme"])
    running.start()
    yield running
    running.stop()


def test_people_and_organisations_have_full_names(named: LocalHub) -> None:
    info = named.api("alice").whoami()
    assert (info["fullname"], info["orgs"][0]["fullname"]) == ("Alice Liddell", "Acme, Inc.")
    assert named.api().get_user_overview("alice").fullname == "Alice Liddell"
    assert named.api().get_organization_overview("acme").fullname == "Acme, Inc."
    assert named.api("bob").whoami()["fullname"] == "bob"


def test_what_a_careful_organisation_makes_is_private_unless_asked_otherwise(named: LocalHub) -> None:
    alice = named.api("alice")
    for name, asked, private in (("a", None, True), ("b", False, False), ("c", True, True)):
        repo = alice.create_repo(f"acme/{name}", private=asked)
        assert alice.model_info(repo.repo_id).private is private
        bucket = alice.create_bucket(f"acme/{name}", private=asked)
        assert alice.bucket_info(bucket.bucket_id).private is private
    assert alice.model_info(alice.create_repo("alice/own").repo_id).private is False


def test_people_follow_people_and_organisations(hub: LocalHub) -> None:
    headers = {"Authorization": f"Bearer {hub.token('bob')}"}
    anyone = hub.api()
    with hub.browser() as browser:
        for whom in ("users/alice", "organizations/acme"):
            assert browser.post(f"/api/{whom}/follow", headers=headers).json() == {"success": True}
        assert browser.post("/api/users/bob/follow", headers=headers).status_code == 400
        assert [user.username for user in anyone.list_user_followers("alice")] == ["bob"]
        assert [user.username for user in anyone.list_user_following("bob")] == ["alice", "acme"]
        assert [user.username for user in anyone.list_organization_followers("acme")] == ["bob"]
        browser.delete("/api/users/alice/follow", headers=headers)
    assert list(anyone.list_user_followers("alice")) == []
    with pytest.raises(HfHubHTTPError) as nobody:
        list(anyone.list_user_followers("nobody-here"))
    assert nobody.value.response.status_code == 404


def test_an_owner_sees_what_each_repo_and_bucket_stores(hub: LocalHub, tmp_path: Path) -> None:
    alice, name = hub.api("alice"), f"acme/stored-{secrets.token_hex(4)}"
    alice.create_repo(name, private=True)
    alice.upload_file(path_or_fileobj=b"\0" * 50_000, path_in_repo="big.bin", repo_id=name)
    alice.create_bucket(name)
    alice.batch_bucket_files(name, add=[(b"x" * 700, "a.txt")])
    found = {each.type: each for each in alice.list_user_repos("acme") if each.id == name}
    assert found["model"].storage > 50_000
    assert (found["model"].visibility, found["bucket"].visibility) == ("private", "public")
    assert found["bucket"].storage == 700
    assert 0 < found["model"].storage_percent <= 100
    assert name not in [each.id for each in alice.list_user_repos()]
    with pytest.raises(HfHubHTTPError) as refused:
        list(hub.api("bob").list_user_repos("acme"))
    assert refused.value.response.status_code == 403
