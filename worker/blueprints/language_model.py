"""Around a language model: what a prompt becomes, the answer as it grows, and the page for it."""

from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import gradio as gr
import torch
from transformers import TextIteratorStreamer

import hosting


def write(
    model: Any, tokenizer: Any, prompt: str, max_new_tokens: int, temperature: float, seed: int
) -> Iterator[str]:
    """The answer to a prompt, longer each time. A temperature of 0 always takes the likeliest word."""
    inputs = _inputs(tokenizer, prompt, model.device)
    room = _room(model, inputs["input_ids"].shape[-1])
    streamer = TextIteratorStreamer(tokenizer, skip_prompt=True, skip_special_tokens=True)
    sampling = {"do_sample": True, "temperature": temperature} if temperature > 0 else {"do_sample": False}
    wrong: list[Exception] = []

    def generate() -> None:
        torch.manual_seed(int(seed or 0))
        try:
            model.generate(
                **inputs, **sampling, streamer=streamer, max_new_tokens=min(int(max_new_tokens), room)
            )
        except Exception as error:  # raised again below, where the person sees it
            wrong.append(error)
            streamer.end()

    thread = Thread(target=generate)
    thread.start()
    answer = ""
    for piece in streamer:
        answer += piece
        yield answer
    thread.join()
    if wrong:
        raise wrong[0]


def page(generate: Callable[..., Iterator[str]]) -> gr.Blocks:
    """The page, and the endpoint /generate."""
    with gr.Blocks(title=hosting.MODEL["title"]) as demo:
        hosting.heading()
        with gr.Row(equal_height=True):
            with gr.Column():
                prompt = gr.Textbox(
                    label="Prompt", placeholder="Ask something, or begin a text…", lines=6, autofocus=True
                )
                with gr.Accordion("Settings", open=False):
                    tokens = gr.Slider(1, 2048, 256, step=1, label="Longest answer", info="in tokens")
                    heat = gr.Slider(
                        0, 2, 0.7, step=0.05, label="Temperature", info="0 always takes the likeliest word"
                    )
                    seed = gr.Number(0, label="Seed", precision=0)
                button = gr.Button("Write", variant="primary")
            answer = gr.Textbox(label="Answer", lines=14, buttons=["copy"])
        inputs = [prompt, tokens, heat, seed]
        # Before the examples: the first listener gets the name.
        gr.on([button.click, prompt.submit], generate, inputs, [answer], api_name="generate")
        hosting.examples(generate, inputs, [answer], 256, 0.7, 0)
        hosting.footer()
    return demo


def _inputs(tokenizer: Any, prompt: str, device: Any) -> dict[str, Any]:
    """As a turn of a conversation where the model was made for one, else as it stands."""
    if tokenizer.chat_template:
        turns = [{"role": "user", "content": prompt}]
        encoded = tokenizer.apply_chat_template(
            turns, add_generation_prompt=True, return_dict=True, return_tensors="pt"
        )
    else:
        encoded = tokenizer(prompt, return_tensors="pt")
    return {name: encoded[name].to(device) for name in ("input_ids", "attention_mask")}


def _room(model: Any, used: int) -> int:
    """Tokens that still fit after the prompt."""
    longest = getattr(model.config.get_text_config(), "max_position_embeddings", None) or 1_000_000
    if used >= longest:
        sentence = f"The model reads at most {longest:,} tokens; this prompt has {used:,}. Please shorten it."
        raise gr.Error(sentence, print_exception=False)
    return int(longest - used)
