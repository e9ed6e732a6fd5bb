"""Storage Buckets: their folders, and one file."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from bot.localhub import bucket_files
from bot.localhub.accounts import TheHub
from bot.localhub.bucket_records import find, folder_of
from bot.localhub.errors import HubError
from bot.localhub.pages import listing
from bot.localhub.pages.file_view import view_of
from bot.localhub.pages.page import PageRoute, Viewer, show

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/buckets/{owner}/{name}")
def bucket_page(request: Request, hub: TheHub, viewer: Viewer, owner: str, name: str) -> HTMLResponse:
    return path_page(request, hub, viewer, owner, name, "")


@router.get("/buckets/{owner}/{name}/tree/main")
@router.get("/buckets/{owner}/{name}/tree/main/{path:path}")
def path_page(
    request: Request, hub: TheHub, viewer: Viewer, owner: str, name: str, path: str = ""
) -> HTMLResponse:
    """A folder or, with its content, a file: nobody who follows a link knows which it is."""
    bucket = find(hub, f"{owner}/{name}", viewer)
    folder, path = folder_of(hub, bucket), path.strip("/")
    file = bucket_files.inside(folder, path)
    entries = bucket_files.listing(folder, path, recursive=True) if file is None else []
    inside = [entry for entry in entries if not path or str(entry["path"]).startswith(f"{path}/")]
    if path and file is None and not inside:
        raise HubError(
            404, "There is no such file or folder in this bucket. What a Job writes may take a while"
        )
    files = [(str(entry["path"]), int(str(entry["size"]))) for entry in inside]
    return show(
        request,
        "bucket.html",
        bucket=bucket,
        path=path,
        trail=listing.trail(path),
        found=listing.items(files, path),
        view=view_of(file, path) if file is not None else None,
    )
