"""The app's side of OAuth: codes and refresh tokens into access tokens, and who a token belongs to."""

import base64
import hashlib
import hmac
import time
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse
from joserfc import jwt
from pydantic import BaseModel

from bot.localhub import misbehaviour, oauth_device
from bot.localhub.accounts import Caller, TheCaller, TheHub, User, organisations_reached
from bot.localhub.misbehaviour import Switch
from bot.localhub.oauth_clients import TokenError, authenticated_app
from bot.localhub.oauth_records import (
    SCOPES,
    Code,
    Grant,
    OAuthApp,
    RefreshToken,
    app_of,
    issue_tokens,
    signing_key,
)
from bot.localhub.state import Hub

router = APIRouter()
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"


class TokenRequest(BaseModel):
    grant_type: str = ""
    code: str = ""
    redirect_uri: str = ""
    code_verifier: str = ""
    refresh_token: str = ""
    device_code: str = ""
    client_id: str = ""
    client_secret: str = ""


@router.get("/.well-known/openid-configuration")
def configuration(hub: TheHub) -> dict[str, Any]:
    at = f"{hub.endpoint}/oauth"
    return {
        "issuer": hub.endpoint,
        "authorization_endpoint": f"{at}/authorize",
        "token_endpoint": f"{at}/token",
        "device_authorization_endpoint": f"{at}/device",
        "userinfo_endpoint": f"{at}/userinfo",
        "jwks_uri": f"{at}/jwks",
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token", DEVICE_CODE],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "code_challenge_methods_supported": ["S256"],
    }


@router.get("/oauth/jwks")
def keys(hub: TheHub) -> dict[str, Any]:
    return {"keys": [signing_key(hub).as_dict(private=False)]}


@router.post("/oauth/token")
def token(request: Request, hub: TheHub, asked: Annotated[TokenRequest, Form()]) -> JSONResponse:
    try:
        app = _app_behind_code(hub, request, asked) or authenticated_app(
            hub, request, asked.client_id, asked.client_secret
        )
        grant = _redeemed(hub, app, asked)
    except TokenError as refusal:
        return refusal.as_json()
    return JSONResponse(_answer(hub, app, grant), headers={"Cache-Control": "no-store"})


@router.api_route("/oauth/userinfo", methods=["GET", "POST"])
def userinfo(hub: TheHub, caller: TheCaller) -> dict[str, Any]:
    caller.require("openid")
    return _claims(hub, caller)


def _app_behind_code(hub: Hub, request: Request, asked: TokenRequest) -> OAuthApp | None:
    """An app without a server has no secret to show: the proof that came with its code stands for it."""
    code = hub.all(Code).get(asked.code) if asked.grant_type == "authorization_code" else None
    shows_secret = asked.client_secret or "authorization" in request.headers
    if code is None or code.challenge is None or shows_secret:
        return None
    return app_of(hub, code.client_id) if asked.client_id in {"", code.client_id} else None


def _redeemed(hub: Hub, app: OAuthApp, asked: TokenRequest) -> Grant:
    """The grant behind the code or refresh token, which is used up by asking. Raises TokenError."""
    grant: Code | RefreshToken | None
    match asked.grant_type:
        case "authorization_code":
            with hub.lock:
                grant = hub.all(Code).delete(asked.code)
            _check_code(grant, asked)
        case "refresh_token":
            with hub.lock:
                known = hub.all(RefreshToken).get(asked.refresh_token)
                # Another app's attempt must not use it up.
                is_its_own = known is not None and known.client_id == app.client_id
                grant = hub.all(RefreshToken).delete(asked.refresh_token) if is_its_own else None
        case grant_type if grant_type == DEVICE_CODE:
            return oauth_device.redeem(hub, app, asked.device_code)
        case _:
            raise TokenError(
                "unsupported_grant_type", f"Use authorization_code, refresh_token or {DEVICE_CODE}"
            )
    if grant is None or grant.client_id != app.client_id or grant.expires_at < time.time():
        raise TokenError(
            "invalid_grant", "It is unknown, used up or expired. Send the person to sign in again"
        )
    return grant


def _check_code(code: Code | None, asked: TokenRequest) -> None:
    if code is None:
        return
    if code.redirect_uri != asked.redirect_uri:
        raise TokenError("invalid_grant", "redirect_uri is not the one that the code was asked with")
    if code.challenge is not None and not hmac.compare_digest(
        code.challenge, _challenge(asked.code_verifier)
    ):
        raise TokenError("invalid_grant", "code_verifier does not fit the code_challenge")


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _answer(hub: Hub, app: OAuthApp, grant: Grant) -> dict[str, Any]:
    access, refresh = issue_tokens(hub, app, grant)
    answer: dict[str, Any] = {
        "access_token": access,
        "token_type": "bearer",
        "expires_in": app.expires_in,
        "scope": " ".join(grant.scopes),
        "refresh_token": refresh,
    }
    if misbehaviour.asks(hub, Switch.NO_REFRESH_TOKEN, app.name):
        hub.all(RefreshToken).delete(answer.pop("refresh_token"))
    if "openid" in grant.scopes:
        answer["id_token"] = _id_token(hub, app, grant)
    return answer


def _id_token(hub: Hub, app: OAuthApp, grant: Grant) -> str:
    user = hub.all(User).get(grant.user)
    assert user is not None
    seconds = int(time.time())
    claims = {
        "iss": hub.endpoint,
        "aud": app.client_id,
        "sub": user.id,
        "iat": seconds,
        "exp": seconds + 3600,
        "preferred_username": user.name,
        "name": user.shown_name,
    }
    if isinstance(grant, Code) and grant.nonce is not None:
        claims["nonce"] = grant.nonce
    key = signing_key(hub)
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)


def _claims(hub: Hub, caller: Caller) -> dict[str, Any]:
    user = caller.user
    claims: dict[str, Any] = {
        "sub": user.id,
        "name": user.shown_name,
        "preferred_username": user.name,
        "profile": f"{hub.endpoint}/{user.name}",
        "picture": f"{hub.endpoint}/avatars/none.svg",
        "isPro": user.is_pro,
        "orgs": [
            {
                "sub": org.id,
                "name": org.shown_name,
                "preferred_username": org.name,
                "picture": f"{hub.endpoint}/avatars/none.svg",
                "isEnterprise": False,
                "roleInOrg": role,
            }
            for org, role in organisations_reached(hub, caller)
        ],
    }
    if caller.may("email"):
        claims |= {"email": f"{user.name}@localhost", "email_verified": True}
    if caller.may("read-billing"):
        claims["canPay"] = user.can_pay
    return claims
