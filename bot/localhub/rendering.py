"""Pages of the local Hub: templates in, HTML out, with the headers every page carries."""

from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

_templates = Jinja2Templates(directory=Path(__file__).parent / "templates")


def page(request: Request, template: str, *, status: int = 200, **context: object) -> HTMLResponse:
    """Render a template that extends `base.html`. No other site may show the page in a frame."""
    response = _templates.TemplateResponse(request, template, context, status_code=status)
    response.headers["Content-Security-Policy"] = "frame-ancestors 'none'"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
