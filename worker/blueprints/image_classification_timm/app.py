"""Classify pictures in the browser with a model from the Hugging Face Hub.

`model.json`, beside this file, names the model and its revision. Run it with `python app.py`.
"""

import spaces  # before torch, for ZeroGPU
import gradio as gr
import timm
import torch
from PIL import Image

import hosting

where = "local-dir" if hosting.FOLDER else "hf-hub"
name = hosting.SOURCE if hosting.FOLDER else f"{hosting.MODEL_ID}@{hosting.REVISION}"
model = timm.create_model(f"{where}:{name}", pretrained=True).eval()
model.to("cuda" if torch.cuda.is_available() else "cpu")
prepare = timm.data.create_transform(**timm.data.resolve_model_data_config(model), is_training=False)
labels = model.pretrained_cfg.get("label_names") or [f"class {number}" for number in range(model.num_classes)]
hosting.loaded(model)


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def classify(image: Image.Image | None) -> dict[str, float]:
    """The probability of the likeliest labels for a picture."""
    hosting.need(image, "a picture")
    assert image is not None
    device = next(model.parameters()).device
    with hosting.answering("classify"), torch.inference_mode():
        chances = model(prepare(image.convert("RGB"))[None].to(device)).softmax(-1)[0]
    best = chances.argsort(descending=True)[:5].tolist()
    return {labels[number]: float(chances[number]) for number in best}


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            image_box = gr.Image(label="Picture", type="pil", format="png", height=320)
            button = gr.Button("Classify", variant="primary")
        answer_box = gr.Label(label="Answer", num_top_classes=5)
    # Before the examples: the first listener gets the name.
    button.click(classify, [image_box], [answer_box], api_name="classify")
    hosting.examples(classify, [image_box], [answer_box])
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
