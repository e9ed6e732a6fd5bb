"""The Hub for a person with a browser. All pages work without JavaScript; a small script keeps some fresh."""

from fastapi import APIRouter

from bot.localhub.pages import (
    access,
    bucket,
    commits,
    discussion,
    home,
    job,
    journal,
    missing,
    repo,
    repo_files,
    settings,
    space,
    switches,
    user,
)

router = APIRouter()
for part in (
    home,
    settings,
    switches,
    journal,
    job,
    bucket,
    space,
    repo_files,
    commits,
    access,
    discussion,
    repo,
    user,
    missing,
):
    # In this order: a repo's address has two words, which other addresses have too.
    router.include_router(part.router)
