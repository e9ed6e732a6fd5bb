"""What a Job or a Space finds in its environment: built from nothing, so nothing of the Hub's leaks."""

import os
from pathlib import Path

_REGISTRY = ("PIP_", "UV_")
_NETWORK = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
_PIP_FILES = (".config/pip/pip.conf", ".pip/pip.conf")


def base(home: Path, python: Path) -> dict[str, str]:
    """PATH with `python`'s folder first, a home of its own, and the way to a package registry."""
    home.mkdir(parents=True, exist_ok=True)
    return {
        "PATH": path(python),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        **_way_out(),
    }


def path(python: Path) -> str:
    return f"{python.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"


def _way_out() -> dict[str, str]:
    """Settings of this machine for certificates, proxies and package registries."""
    found = {
        name: value
        for name, value in os.environ.items()
        if name.startswith(_REGISTRY) or name in _NETWORK or name.lower() in _PROXIES
    }
    if any(name.lower().endswith("_proxy") for name in found):
        for name in ("no_proxy", "NO_PROXY"):
            found[name] = ",".join(filter(None, [found.get(name), "127.0.0.1", "localhost"]))
    pip_file = next((file for name in _PIP_FILES if (file := Path.home() / name).is_file()), None)
    if pip_file is not None:
        found.setdefault("PIP_CONFIG_FILE", str(pip_file))
    return found
