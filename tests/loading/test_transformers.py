"""transformers, sentence-transformers and peft load what was published on the local Hub."""

from pathlib import Path

from tests.harness.local_hub import LocalHub
from tests.loading.programs import run, says

CHAT = """
from transformers import AutoModelForCausalLM, AutoTokenizer, pipeline
import torch
model = AutoModelForCausalLM.from_pretrained("alice/chat", dtype="auto")
tokenizer = AutoTokenizer.from_pretrained("alice/chat")
print(">", model.dtype)
message = {"role": "user", "content": "what"}
asked = tokenizer.apply_chat_template([message], return_dict=True, return_tensors="pt")
answered = model.generate(**asked, max_new_tokens=4, min_new_tokens=4, do_sample=False)
print(">", answered.shape[1] - asked["input_ids"].shape[1], "new tokens")
print(">", len(pipeline("text-generation", "alice/chat")("what a day", max_new_tokens=2)))
"""
LABELS = """
from transformers import pipeline
for revision in (None, "v2", "first"):
    told = pipeline("text-classification", "alice/reviews", revision=revision, tokenizer="alice/reviews")
    print(">", *sorted(answer["label"] for answer in told("a lovely day", top_k=None)))
"""
PARAMETERS = """
from transformers import AutoModelForCausalLM
print(">", AutoModelForCausalLM.from_pretrained({!r}).num_parameters())
"""
OWN_CODE = """
import torch
from transformers import AutoModel
try:
    AutoModel.from_pretrained("alice/abacus", trust_remote_code=False)
except ValueError as refused:
    print("> refused:", "trust_remote_code" in str(refused))
model = AutoModel.from_pretrained("alice/abacus", trust_remote_code=True)
print(">", type(model).__name__, model(torch.zeros(1, 4)).shape[1])
"""
VECTORS = """
from sentence_transformers import SentenceTransformer
vectors = SentenceTransformer("alice/sentences").encode(["what a day", "nobody"])
print(">", vectors.shape)
"""
ADAPTER = """
from peft import AutoPeftModelForCausalLM
from transformers import AutoModelForCausalLM
model = AutoPeftModelForCausalLM.from_pretrained("alice/adapter")
print(">", model.peft_config["default"].base_model_name_or_path)
print(">", type(AutoModelForCausalLM.from_pretrained("alice/adapter")).__name__)
"""


def loads(repo: str) -> str:
    return PARAMETERS.format(repo)


def test_a_language_model_and_its_chat_template(hub: LocalHub, tmp_path: Path) -> None:
    assert says(hub, CHAT, tmp_path, who=None) == ["torch.bfloat16", "4 new tokens", "1"]


def test_branches_and_tags_are_versions_of_a_model(hub: LocalHub, tmp_path: Path) -> None:
    assert says(hub, LABELS, tmp_path) == ["bad good", "down up", "bad good"]


def test_shards_come_together_and_are_found_again_offline(hub: LocalHub, tmp_path: Path) -> None:
    assert says(hub, loads("alice/sharded"), tmp_path) == ["40800"]
    nowhere = {"HF_ENDPOINT": "http://127.0.0.1:9", "HF_HUB_OFFLINE": "1"}
    assert says(hub, loads("alice/sharded"), tmp_path, **nowhere) == ["40800"]


def test_files_arrive_without_xet_as_well(hub: LocalHub, tmp_path: Path) -> None:
    assert says(hub, loads("alice/sharded"), tmp_path, HF_HUB_DISABLE_XET="1") == ["40800"]


def test_a_private_model_is_its_owners(hub: LocalHub, tmp_path: Path) -> None:
    assert says(hub, loads("alice/private"), tmp_path / "owner") == ["40800"]
    code, output = run(hub, loads("alice/private"), tmp_path / "other", who="bob")
    assert code == 1
    assert "is not a local folder and is not a valid model identifier listed on" in output


def test_a_gated_model_is_for_those_who_were_let_in(hub: LocalHub, tmp_path: Path) -> None:
    for who in (None, "bob"):
        code, output = run(hub, loads("alice/gated"), tmp_path / str(who), who=who)
        assert code == 1
        assert "You are trying to access a gated repo" in output
    hub.api("alice").grant_access("alice/gated", "bob")
    assert says(hub, loads("alice/gated"), tmp_path / "bob", who="bob") == ["40800"]


def test_a_models_own_code_runs_only_when_it_is_trusted(hub: LocalHub, tmp_path: Path) -> None:
    assert says(hub, OWN_CODE, tmp_path) == ["refused: True", "Abacus 4"]


def test_a_sentence_encoder(hub: LocalHub, tmp_path: Path) -> None:
    assert says(hub, VECTORS, tmp_path) == ["(2, 32)"]


def test_an_adapter_finds_its_base_model(hub: LocalHub, tmp_path: Path) -> None:
    assert says(hub, ADAPTER, tmp_path) == ["alice/chat", "LlamaForCausalLM"]
