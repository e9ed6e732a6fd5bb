"""Rank passages by how well they answer a query, in the browser, with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

import spaces  # before torch, for ZeroGPU
import gradio as gr
import torch
from sentence_transformers import CrossEncoder

import hosting

ranker = CrossEncoder(
    hosting.SOURCE,
    revision=hosting.REVISION,
    device="cuda" if torch.cuda.is_available() else "cpu",
    trust_remote_code=hosting.TRUST,
)
hosting.loaded(ranker)
PASSAGES = (
    "Berlin has about 3.7 million inhabitants.\n"
    "Berlin is well known for its museums.\n"
    "The sea is blue because water takes away red light."
)


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def rank(query: str, passages: str = PASSAGES) -> list[list[str | float]]:
    """Each passage, one a line, and its score, the best first."""
    hosting.need(query, "a query")
    hosting.need(passages, "passages to rank, one a line")
    lines = [line.strip() for line in passages.splitlines() if line.strip()]
    with hosting.answering("rank"):
        scores = ranker.predict([(query, line) for line in lines]).tolist()
    rows = sorted(zip(scores, lines, strict=True), reverse=True)
    return [[line, round(float(score), 4)] for score, line in rows]


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            query_box = gr.Textbox(label="Query", placeholder="What do you look for?", autofocus=True)
            passages_box = gr.Textbox(PASSAGES, label="Passages", info="one a line", lines=8)
            button = gr.Button("Rank", variant="primary")
        answer_box = gr.Dataframe(
            headers=["Passage", "Score"], datatype=["str", "number"], label="Answer", wrap=True
        )
    inputs = [query_box, passages_box]
    # Before the examples: the first listener gets the name.
    gr.on([button.click, query_box.submit], rank, inputs, [answer_box], api_name="rank")
    hosting.examples(rank, inputs, [answer_box], PASSAGES)
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
