"""Tiny models that give a text a label."""

from pathlib import Path

from tests.models.tiny.registry import tiny, write_card
from tests.models.tiny.vocabulary import wordpiece


@tiny("text-classification")
def bert_sentiment(folder: Path) -> None:
    from transformers import BertConfig, BertForSequenceClassification

    tokenizer = wordpiece(folder)
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=128,
        initializer_range=0.5,  # so that different texts get clearly different answers
        id2label={0: "negative", 1: "positive"},
        label2id={"negative": 0, "positive": 1},
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    write_card(
        folder,
        """
pipeline_tag: text-classification
library_name: transformers
license: apache-2.0
language: en
widget:
- text: I like you. I love you.
""",
    )


@tiny("text-classification")
def gated_sentiment(folder: Path) -> None:
    """The same, for the tests of models that not everyone may read."""
    bert_sentiment(folder)


OWN_CODE = '''"""A model of its own kind."""

import torch
from transformers import PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import SequenceClassifierOutput


class BagConfig(PretrainedConfig):
    model_type = "tiny_bag"

    def __init__(self, vocab_size=400, width=32, **more):
        self.vocab_size, self.width = vocab_size, width
        super().__init__(**more)


class BagForSequenceClassification(PreTrainedModel):
    config_class = BagConfig

    def __init__(self, config):
        super().__init__(config)
        self.words = torch.nn.Embedding(config.vocab_size, config.width)
        self.label = torch.nn.Linear(config.width, config.num_labels)
        self.post_init()

    def _init_weights(self, module):
        pass

    def forward(self, input_ids, attention_mask=None, **more):
        read = self.words(input_ids)
        if attention_mask is not None:
            read = read * attention_mask[..., None]
        return SequenceClassifierOutput(logits=self.label(torch.tanh(read.sum(1))))
'''


@tiny("text-classification", trust_remote_code=True)
def own_code(folder: Path) -> None:
    import importlib.util

    tokenizer = wordpiece(folder)
    (folder / "modeling_bag.py").write_text(OWN_CODE)
    found = importlib.util.spec_from_file_location("modeling_bag", folder / "modeling_bag.py")
    assert found
    assert found.loader
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    config = module.BagConfig(
        vocab_size=len(tokenizer),
        id2label={0: "negative", 1: "positive"},
        label2id={"negative": 0, "positive": 1},
        architectures=["BagForSequenceClassification"],
        auto_map={
            "AutoConfig": "modeling_bag.BagConfig",
            "AutoModelForSequenceClassification": "modeling_bag.BagForSequenceClassification",
        },
    )
    module.BagForSequenceClassification(config).save_pretrained(folder)
    write_card(
        folder,
        """
pipeline_tag: text-classification
library_name: transformers
license: apache-2.0
tags: [custom_code]
widget:
- text: It works perfectly.
""",
    )


@tiny("text-classification-onnx")
def bert_onnx(folder: Path) -> None:
    """A bag of words, exported as optimum lays it out."""
    import json

    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    tokenizer = wordpiece(folder)
    draw = np.random.default_rng(np.random.randint(1 << 30))  # the seed of this run
    words = draw.standard_normal((len(tokenizer), 16)).astype("float32")
    labels = draw.standard_normal((16, 2)).astype("float32")
    nodes = [
        helper.make_node("Gather", ["words", "input_ids"], ["read"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["seen"]),
        helper.make_node("Mul", ["read", "seen"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "tokens"], ["sum"], keepdims=0),
        helper.make_node("Tanh", ["sum"], ["bag"]),
        helper.make_node("MatMul", ["bag", "labels"], ["logits"]),
    ]
    constants = {"words": words, "labels": labels, "last": np.array([2]), "tokens": np.array([1])}
    size = ["batch", "tokens_of_text"]
    graph = helper.make_graph(
        nodes,
        "bag",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, size)
            for name in ("input_ids", "attention_mask")
        ],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 2])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    (folder / "onnx").mkdir()
    onnx.save(model, folder / "onnx" / "model.onnx")
    config = {
        "model_type": "bert",
        "architectures": ["BertForSequenceClassification"],
        "id2label": {"0": "negative", "1": "positive"},
    }
    (folder / "config.json").write_text(json.dumps(config))
    write_card(
        folder,
        """
pipeline_tag: text-classification
library_name: onnx
license: apache-2.0
language: en
widget:
- text: It works perfectly.
""",
    )
