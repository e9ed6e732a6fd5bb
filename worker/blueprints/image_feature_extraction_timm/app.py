"""Turn a picture into its embedding in the browser with a timm model from the Hugging Face Hub.

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
model = timm.create_model(f"{where}:{name}", pretrained=True, num_classes=0).eval()
model.to("cuda" if torch.cuda.is_available() else "cpu")
prepare = timm.data.create_transform(**timm.data.resolve_model_data_config(model), is_training=False)
hosting.loaded(model)


@spaces.GPU(duration=hosting.MODEL["duration"], size=hosting.GPU_SIZE)
def embed(image: Image.Image | None) -> list[float]:
    """The embedding of a picture: what the model gives before it would choose a label."""
    hosting.need(image, "a picture")
    assert image is not None
    device = next(model.parameters()).device
    with hosting.answering("embed"), torch.inference_mode():
        return [float(each) for each in model(prepare(image.convert("RGB"))[None].to(device))[0].flatten()]


with gr.Blocks(title=hosting.MODEL["title"]) as demo:
    hosting.heading()
    with gr.Row(equal_height=True):
        with gr.Column():
            image_box = gr.Image(label="Picture", type="pil", format="png", height=320)
            button = gr.Button("Embed", variant="primary")
        answer_box = gr.JSON(label="Embedding", max_height=400)
    # Before the examples: the first listener gets the name.
    button.click(embed, [image_box], [answer_box], api_name="embed")
    hosting.examples(embed, [image_box], [answer_box])
    hosting.footer()

if __name__ == "__main__":
    hosting.launch(demo)
