"""Compare sentences by their meaning in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

import spaces  # before torch, for ZeroGPU
import gradio as gr
import torch
from sentence_transformers import SentenceTransformer

import hosting

model = SentenceTransformer(
    hosting.SOURCE,
    revision=hosting.REVISION,
    device="cuda" if torch.cuda.is_available() else "cpu",
    trust_remote_code=hosting.TRUST,
)
hosting.loaded(model)
SENTENCES = "That is a happy dog\nToday is a sunny day\nThe parcel has not arrived yet"


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def compare(source_sentence: str, sentences: str = SENTENCES) -> list[list[str | float]]:
    """Each sentence, one a line, and how similar it is to the source sentence, the most similar first."""
    hosting.need(source_sentence, "a sentence")
    hosting.need(sentences, "sentences to compare it with, one a line")
    lines = [line.strip() for line in sentences.splitlines() if line.strip()]
    with hosting.answering("compare"):
        vectors = model.encode([source_sentence, *lines], convert_to_tensor=True)
        scores = model.similarity(vectors[:1], vectors[1:])[0].tolist()
    rows = sorted(zip(scores, lines, strict=True), reverse=True)
    return [[line, round(score, 4)] for score, line in rows]


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            source_box = gr.Textbox(label="Sentence", placeholder="Write a sentence…", autofocus=True)
            sentences_box = gr.Textbox(
                SENTENCES, label="Sentences to compare it with", info="one a line", lines=6
            )
            button = gr.Button("Compare", variant="primary")
        answer_box = gr.Dataframe(
            headers=["Sentence", "Similarity"], datatype=["str", "number"], label="Answer", wrap=True
        )
    inputs = [source_box, sentences_box]
    # Before the examples: the first listener gets the name.
    gr.on([button.click, source_box.submit], compare, inputs, [answer_box], api_name="compare")
    hosting.examples(compare, inputs, [answer_box])
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
