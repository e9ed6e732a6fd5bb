"""Ask about a text in the browser with a model from the Hugging Face Hub that finds the answer in it.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

from typing import Any

import spaces  # before torch, for ZeroGPU
import gradio as gr
import torch
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

import hosting

WHICH = {"revision": hosting.REVISION, "trust_remote_code": hosting.TRUST}
tokenizer = AutoTokenizer.from_pretrained(hosting.SOURCE, **WHICH)
model = AutoModelForQuestionAnswering.from_pretrained(hosting.SOURCE, **WHICH).eval()
model.to("cuda" if torch.cuda.is_available() else "cpu")
hosting.loaded(model)
WINDOW = min(tokenizer.model_max_length, 384)
"""Tokens that are read at once; a longer text is read in windows that overlap."""
LONGEST = 30
"""Tokens of an answer."""


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def answer(question: str, context: str) -> tuple[str, float]:
    """The words of the context that answer the question, and how sure the model is, from 0 to 1."""
    hosting.need(question, "a question")
    hosting.need(context, "a text to look into")
    if len(tokenizer(question)["input_ids"]) > WINDOW // 2:
        raise gr.Error("Please ask a shorter question.", print_exception=False)
    with hosting.answering("answer"):
        score, (start, end) = max(spans(question, context))
    return context[start:end], round(score, 4)


def spans(question: str, context: str) -> list[tuple[float, tuple[int, int]]]:
    """The best span of each window: its probability, and its first and last character in the context."""
    windows = tokenizer(
        question,
        context,
        truncation="only_second",
        max_length=WINDOW,
        stride=WINDOW // 4,
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
        padding=True,
        return_tensors="pt",
    )
    places = windows.pop("offset_mapping").tolist()
    windows.pop("overflow_to_sample_mapping")
    with torch.inference_mode():
        output = model(**windows.to(model.device))
    found = []
    for index, place in enumerate(places):
        inside = torch.tensor([each == 1 for each in windows.sequence_ids(index)])
        likely = best(output.start_logits[index].cpu(), output.end_logits[index].cpu(), inside)
        score, first, last = likely
        found.append((score, (place[first][0], place[last][1])))
    return found


def best(starts: Any, ends: Any, inside: Any) -> tuple[float, int, int]:
    """The likeliest first and last token that lie inside the context, in this order."""
    starts, ends = (each.float().softmax(-1) * inside for each in (starts, ends))
    together = (starts[:, None] * ends[None, :]).triu().tril(LONGEST - 1)
    where = int(together.argmax())
    return float(together.max()), where // len(ends), where % len(ends)


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            question_box = gr.Textbox(
                label="Question", placeholder="Ask something about the text…", autofocus=True
            )
            context_box = gr.Textbox(
                "The Amazon rainforest covers much of the Amazon basin of South America. It is home to about"
                " three million species, and sixty percent of it lies in Brazil.",
                label="Text",
                lines=8,
            )
            button = gr.Button("Find the answer", variant="primary")
        with gr.Column():
            answer_box = gr.Textbox(label="Answer", buttons=["copy"])
            score_box = gr.Number(label="How sure the model is, from 0 to 1")
    inputs, outputs = [question_box, context_box], [answer_box, score_box]
    # Before the examples: the first listener gets the name.
    gr.on([button.click, question_box.submit], answer, inputs, outputs, api_name="answer")
    hosting.examples(answer, inputs, outputs)
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
