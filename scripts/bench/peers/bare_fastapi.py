"""A peer, and the floor: FastAPI with nothing but the secret's check."""

import hmac
import os

import uvicorn
from fastapi import FastAPI, Request, Response

PORT, SECRET = int(os.environ["PORT"]), os.environ["WEBHOOK_SECRET"].encode()
app = FastAPI()


@app.post("/webhooks/hub")
async def take(request: Request) -> Response:
    if not hmac.compare_digest(request.headers.get("x-webhook-secret", "").encode(), SECRET):
        return Response(status_code=401)
    await request.body()
    return Response(status_code=202)


uvicorn.run(app, host="127.0.0.1", port=PORT, log_level="warning", access_log=False)
