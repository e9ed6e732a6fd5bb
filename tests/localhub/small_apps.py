"""Small apps for Spaces under test. Most speak HTTP with the standard library alone and start at once."""

GRADIO_README = "---\ntitle: Small\nsdk: gradio\napp_file: app.py\n---\n"
STATIC_README = "---\ntitle: Small\nsdk: static\n---\n"

_SERVE = """
import json, os, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

go = threading.Semaphore(0)

class App(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(b"")

    def do_POST(self):
        if "content-length" in self.headers:
            return self.answer(self.rfile.read(int(self.headers["content-length"])))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.answer(body)

    def answer(self, body):
        if self.path == "/stream":
            return self.stream()
        if self.path == "/go":
            go.release()
        if self.path == "/end":
            os._exit(3)
        told = {"version": VERSION, "path": self.path, "headers": self.headers.items(), "body": len(body),
                "environment": dict(os.environ)}
        text = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Set-Cookie", "mine=1")
        self.send_header("Set-Cookie", "token=stolen; Path=/")
        self.end_headers()
        self.wfile.write(text)

    def stream(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for number in range(3):
            self.wfile.write(b"data: %d\\n\\n" % number)
            self.wfile.flush()
            go.acquire()

    def log_message(self, *_):
        pass

print("serving", VERSION, os.getpid(), flush=True)
server = ThreadingHTTPServer(("127.0.0.1", int(os.environ["GRADIO_SERVER_PORT"])), App)
server.serve_forever()
"""


def telling(version: str) -> str:
    """An app that tells what it was asked and what it finds in its environment."""
    return f"VERSION = {version!r}\n{_SERVE}"


NEVER_READY = "import os, time\nprint('pid', os.getpid(), flush=True)\ntime.sleep(600)\n"
CRASHING = "print('about to fail')\nraise RuntimeError('the first real error')\n"

GRADIO = """
import gradio as gr


def turn(text):
    return text[::-1]


def count(upto):
    for number in range(int(upto)):
        yield str(number)


def size(file):
    with open(file, "rb") as opened:
        return str(len(opened.read()))


with gr.Blocks() as demo:
    words, number, upload = gr.Textbox(), gr.Number(), gr.File()
    turned, counted, measured = gr.Textbox(), gr.Textbox(), gr.Textbox()
    gr.Button().click(turn, words, turned, api_name="turn")
    gr.Button().click(count, number, counted, api_name="count")
    gr.Button().click(size, upload, measured, api_name="size")

demo.launch()
"""

ASK_WITH_GRADIO_CLIENT = """
import sys
from gradio_client import Client, handle_file

source, token, file = sys.argv[1:]
client = Client(source, token=token or None, verbose=False)
print(client.predict("abc", api_name="/turn"))
job = client.submit(3, api_name="/count")
job.result(timeout=30)
print(*job.outputs())
print(client.predict(handle_file(file), api_name="/size"))
client.close()
"""

WEBSOCKET_REQUIREMENTS = "websockets\n"
WEBSOCKETS = """
import os

import gradio as gr
import uvicorn
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/talk")
async def talk(websocket: WebSocket):
    await websocket.accept(next(iter(websocket.scope["subprotocols"]), None))
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            print("client left with", message["code"], flush=True)
            return
        if message.get("bytes") is not None:
            await websocket.send_bytes(message["bytes"][::-1])
        elif message["text"] == "headers":
            await websocket.send_json([list(pair) for pair in websocket.headers.items()])
        elif message["text"] == "bye":
            await websocket.close(4001, "as you wish")
        elif message["text"] == "end":
            os._exit(3)
        else:
            await websocket.send_text(message["text"] + websocket.query_params.get("mark", ""))


with gr.Blocks() as demo:
    gr.Markdown("A page beside the WebSocket")

app = gr.mount_gradio_app(app, demo, path="/")
uvicorn.run(app, host="127.0.0.1", port=int(os.environ["GRADIO_SERVER_PORT"]))
"""
