"""The page of a person or organisation: what they have here."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from bot.localhub.accounts import TheHub, User
from bot.localhub.bucket_records import Bucket
from bot.localhub.errors import HubError
from bot.localhub.job_records import Job
from bot.localhub.pages import listing
from bot.localhub.pages.page import PageRoute, Viewer, show
from bot.localhub.repos import RepoKind

router = APIRouter(route_class=PageRoute, include_in_schema=False)
JOBS_SHOWN = 20


@router.get("/{owner}")
def user_page(request: Request, hub: TheHub, viewer: Viewer, owner: str) -> HTMLResponse:
    shown = hub.all(User).get(owner)
    if shown is None:
        raise HubError(404, "There is nobody with this name on this Hub")
    belongs = viewer is not None and viewer.owns(hub, owner)
    jobs = [job for job in hub.all(Job) if job.owner.name == owner and belongs]
    return show(
        request,
        "user.html",
        owner=shown,
        organisations=[org for org in hub.all(User) if owner in org.members],
        models=listing.entries(hub, viewer, RepoKind.MODEL, owner=owner),
        spaces=listing.entries(hub, viewer, RepoKind.SPACE, owner=owner),
        datasets=listing.entries(hub, viewer, RepoKind.DATASET, owner=owner),
        buckets=[
            bucket
            for bucket in hub.all(Bucket)
            if bucket.id.startswith(f"{owner}/") and (belongs or not bucket.private)
        ],
        belongs=belongs,
        jobs=jobs[::-1][:JOBS_SHOWN],
    )
