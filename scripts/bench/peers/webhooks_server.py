"""A peer: huggingface_hub's own WebhooksServer, with the Gradio that Spaces have."""

import os

import gradio
from huggingface_hub import WebhookPayload, WebhooksServer

with gradio.Blocks() as page:
    gradio.Markdown("A peer of the bench.")
server = WebhooksServer(ui=page, webhook_secret=os.environ["WEBHOOK_SECRET"])


@server.add_webhook("/hub")
async def take(payload: WebhookPayload) -> dict[str, bool]:
    return {"taken": payload.comment is not None}


server.launch(share=False, server_name="127.0.0.1", server_port=int(os.environ["PORT"]), quiet=True)
