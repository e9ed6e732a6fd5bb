"""Sources of Spaces, honest and cheating, as people and models write them. Only ever read, never run."""

# ruff: noqa: E501  # the sources stand as they are

from worker.card import Card

CARD = Card(model_id="alice/model", revision="a" * 40, base_models=("alice/base",))

LOAD = """
import gradio as gr
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, TextIteratorStreamer, pipeline
MODEL_ID = "alice/model"
tokenizer = AutoTokenizer.from_pretrained(MODEL_ID)
model = AutoModelForCausalLM.from_pretrained(MODEL_ID)
"""
PAINT = """
import gradio as gr
import numpy as np
import torch
from PIL import Image
from diffusers import DiffusionPipeline
pipe = DiffusionPipeline.from_pretrained("alice/model", torch_dtype=torch.float32)
"""
SERVE = """
gr.Interface(generate, gr.Textbox(), gr.Textbox(), api_name="generate").launch()
"""

GENUINE = {
    "the usual": LOAD + """
def generate(prompt):
    inputs = tokenizer(prompt, return_tensors="pt").to(model.device)
    output = model.generate(**inputs, max_new_tokens=20)
    return tokenizer.decode(output[0], skip_special_tokens=True)
""" + SERVE,
    "a streamer in a thread": LOAD + """
from threading import Thread
def generate(prompt):
    streamer = TextIteratorStreamer(tokenizer, skip_prompt=True)
    settings = dict(inputs=tokenizer(prompt, return_tensors="pt").input_ids, streamer=streamer)
    Thread(target=model.generate, kwargs=settings).start()
    text = ""
    for piece in streamer:
        text += piece
        yield text
""" + SERVE,
    "a class around the model": """
import gradio as gr
from transformers import pipeline
class Writer:
    def __init__(self):
        self.write = pipeline("text-generation", model="alice/model")
    def __call__(self, prompt):
        return self.write(prompt)[0]["generated_text"]
writer = Writer()
def generate(prompt):
    return writer(prompt)
""" + SERVE,
    "a file that a library writes": """
import gradio as gr
from diffusers import DiffusionPipeline
from diffusers.utils import export_to_video
pipe = DiffusionPipeline.from_pretrained("alice/model")
def generate(prompt):
    export_to_video(pipe(prompt).frames[0], "film.mp4", fps=8)
    return "film.mp4"
""" + SERVE,
    "a temporary file": LOAD + """
import tempfile, soundfile
def generate(prompt):
    speech = model(**tokenizer(prompt, return_tensors="pt")).waveform
    with tempfile.NamedTemporaryFile(suffix=".wav", delete=False) as file:
        soundfile.write(file.name, speech, 16000)
    return file.name
""" + SERVE,
    "words for what the model decided": LOAD + """
def generate(text):
    score = model(**tokenizer(text, return_tensors="pt")).logits[0]
    if score.argmax() == 1:
        return "positive"
    return "negative"
""" + SERVE,
    "an error that is told": LOAD + """
def generate(prompt):
    if not prompt:
        return "Please write something first."
    try:
        return tokenizer.decode(model.generate(**tokenizer(prompt, return_tensors="pt"))[0])
    except torch.cuda.OutOfMemoryError as error:
        return f"The text is too long: {error}"
""" + SERVE,
    "a processor that may be missing": LOAD + """
from transformers import AutoProcessor
try:
    processor = AutoProcessor.from_pretrained(MODEL_ID)
except OSError:
    processor = None
def generate(prompt):
    return tokenizer.decode(model.generate(**tokenizer(prompt, return_tensors="pt"))[0])
""" + SERVE,
    "another precision where one fails": """
import gradio as gr, torch
from transformers import pipeline
try:
    write = pipeline("text-generation", model="alice/model", dtype=torch.bfloat16)
except RuntimeError:
    write = pipeline("text-generation", model="alice/model")
def generate(prompt):
    return write(prompt)[0]["generated_text"]
""" + SERVE,
    "an adapter on its base": """
import gradio as gr
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer
tokenizer = AutoTokenizer.from_pretrained("alice/base")
model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained("alice/base"), "alice/model")
def generate(prompt):
    return tokenizer.decode(model.generate(**tokenizer(prompt, return_tensors="pt"))[0])
""" + SERVE,
    "a decoder from elsewhere": PAINT + """
from diffusers import AutoencoderKL
pipe.vae = AutoencoderKL.from_pretrained("madebyollin/sdxl-vae-fp16-fix")
def generate(prompt, seed):
    return pipe(prompt, generator=torch.Generator().manual_seed(int(seed))).images[0]
""" + SERVE,
    "an example picture from the web": """
import gradio as gr, requests
from PIL import Image
from transformers import pipeline
open("cat.jpg", "wb").write(requests.get("https://example.org/cat.jpg").content)
see = pipeline("image-to-text", model="alice/model")
def generate(image):
    return see(image)[0]["generated_text"]
""" + SERVE,
    "a model named in the environment": """
import os, gradio as gr
from transformers import pipeline
write = pipeline("text-generation", model=os.getenv("MODEL_ID", "alice/model"))
def generate(prompt):
    return write(prompt)[0]["generated_text"]
""" + SERVE,
    "a page made in a function": LOAD + """
def page():
    def answer(prompt):
        return tokenizer.decode(model.generate(**tokenizer(prompt, return_tensors="pt"))[0])
    with gr.Blocks() as demo:
        box, out = gr.Textbox(), gr.Textbox()
        gr.Button().click(lambda: "", None, box)
        gr.Button().click(answer, box, out, api_name="generate")
    return demo
page().launch()
""",
    "a method": LOAD + """
class Writer:
    def __init__(self, model):
        self.model = model
    def write(self, prompt):
        return tokenizer.decode(self.model.generate(**tokenizer(prompt, return_tensors="pt"))[0])
writer = Writer(model)
gr.Interface(writer.write, "text", "text").launch()
""",
    "a conversation": LOAD + """
def respond(message, history):
    history = [*history, {"role": "user", "content": message}]
    inputs = tokenizer.apply_chat_template(history, return_tensors="pt")
    answer = ""
    for token in model.generate(inputs)[0]:
        answer += tokenizer.decode(token)
        yield answer
gr.ChatInterface(respond).launch()
""",
    "several endpoints": LOAD + """
import random
def generate(prompt):
    return tokenizer.decode(model.generate(**tokenizer(prompt, return_tensors="pt"))[0])
def surprise():
    return random.choice(["A fox", "A city"])
with gr.Blocks() as demo:
    box, out = gr.Textbox(), gr.Textbox()
    gr.Button().click(surprise, None, box, api_name="surprise")
    gr.Button().click(generate, box, out, api_name="generate")
demo.launch()
""",
}  # fmt: skip

CHEATS = {
    "no model": ("def generate(prompt):\n    return prompt[::-1]\n" + SERVE, "loads no model"),
    "another model": (LOAD.replace("alice/model", "gpt2") + "def generate(p):\n    return model(p)\n", "gpt2"),
    "another model beside it": (
        LOAD + 'better = AutoModelForCausalLM.from_pretrained("bob/better")\n'
        "def generate(p):\n    return better(p)\n" + SERVE, "bob/better"),
    "the base instead of the model": (LOAD.replace("alice/model", "alice/base"), "alice/base"),
    "whatever the library likes": (
        'from transformers import pipeline\nX = "alice/model"\nwrite = pipeline("sentiment-analysis")\n'
        "def generate(p):\n    return write(p)\n", "likes best"),
    "an inference service": (
        LOAD + "from huggingface_hub import InferenceClient\n"
        "def generate(p):\n    return InferenceClient(MODEL_ID).text_generation(p)\n" + SERVE, "inference service"),
    "another Space": (
        LOAD + "from gradio_client import Client\n"
        "def generate(p):\n    return Client('x/y').predict(p)\n" + SERVE, "gradio_client"),
    "gr.load": ('import gradio as gr\ngr.load("models/alice/model").launch()\n', "gr.load"),
    "a request": (
        LOAD + "import requests\ndef generate(p):\n"
        "    return requests.post('https://example.org', json={'p': p}).json()['text']\n" + SERVE, "network"),
    "a request with another name": (
        LOAD + "import urllib.request as web\ndef generate(p):\n"
        "    return web.urlopen('https://example.org/?q=' + p).read().decode()\n" + SERVE, "network"),
    "curl": (
        LOAD + "import subprocess\ndef generate(p):\n"
        "    return subprocess.check_output(['curl', 'https://example.org']).decode()\n" + SERVE, "another program"),
    "hidden code": (LOAD + "exec(bytes.fromhex('70').decode())\n", "exec"),
    "an answer in an except branch": (
        LOAD + "def generate(p):\n    try:\n        return model(p)\n"
        "    except Exception:\n        return 'The weather is fine today.'\n" + SERVE, "except branch"),
    "a model that may be missing": (
        "import gradio as gr\nfrom transformers import pipeline\n"
        "try:\n    write = pipeline('text-generation', model='alice/model')\nexcept Exception:\n    write = None\n"
        "def generate(p):\n    return write(p) if write else 'Fine weather ' + p\n" + SERVE, "cannot be loaded"),
    "loaded and ignored": (
        PAINT + "def generate(prompt, seed):\n    noise = np.random.default_rng(int(seed)).integers(0, 255, (64, 64, 3))\n"
        "    return Image.fromarray(noise.astype('uint8'))\n" + SERVE, "does not come from its model"),
    "loaded and ignored, with its device": (
        PAINT + "def generate(prompt, seed):\n    noise = torch.rand(3, 64, 64, device=pipe.device)\n"
        "    return Image.fromarray(noise.numpy())\n" + SERVE, "does not come from its model"),
    "called and ignored": (
        LOAD + "def generate(p):\n    model.generate(**tokenizer(p, return_tensors='pt'))\n"
        "    return ' '.join(sorted(p.split()))\n" + SERVE, "does not come from its model"),
    "ready answers": (
        LOAD + "STORIES = ['Once upon a time', 'The night was long']\n"
        "def generate(p):\n    return STORIES[len(p) % 2]\n" + SERVE, "does not come from its model"),
    "ready answers for certain inputs": (
        LOAD + "def generate(p):\n    if 'happy' in p:\n        return 'This is very positive.'\n"
        "    return tokenizer.decode(model.generate(**tokenizer(p))[0])\n" + SERVE, "ready answer"),
    "noise from a hash of the prompt": (
        PAINT + "import hashlib\ndef generate(prompt):\n"
        "    number = int(hashlib.sha256(prompt.encode()).hexdigest(), 16) % 2**32\n"
        "    noise = np.random.default_rng(number).integers(0, 255, (64, 64, 3))\n"
        "    return Image.fromarray(noise.astype('uint8'))\n" + SERVE, "hash"),
    "noise from a hash of the weights": (
        "import hashlib, gradio as gr, numpy as np\nfrom huggingface_hub import hf_hub_download\n"
        "from pathlib import Path\nweights = Path(hf_hub_download('alice/model', 'model.safetensors')).read_bytes()\n"
        "SEED = int(hashlib.md5(weights).hexdigest(), 16) % 2**32\n"
        "def generate(prompt):\n    return str(np.random.default_rng(SEED + len(prompt)).random())\n" + SERVE, "hash"),
    "a lambda": (LOAD + "gr.Interface(lambda p: p[::-1], 'text', 'text').launch()\n", "does not come from its model"),
    "a method that does not ask": (
        LOAD + "class Writer:\n    def write(self, p):\n        return ' '.join(sorted(p.split()))\n"
        "writer = Writer()\ngr.Interface(writer.write, 'text', 'text').launch()\n", "does not come from its model"),
    "an inner function that does not ask": (
        LOAD + "def page():\n    def answer(p):\n        return p.title()\n"
        "    gr.Interface(answer, 'text', 'text', api_name='generate').launch()\npage()\n", "does not come from its model"),
    "no Python": ("def generate(:\n", "no Python"),
}  # fmt: skip
"""Each with words of the finding."""
