"""Tokenizers for the tiny models, trained on a few sentences."""

from pathlib import Path
from typing import Any

SENTENCES = (
    "My name is Sarah and I live in London.",
    "The parcel arrived early and works perfectly; I am very happy with it.",
    "It broke after two days and nobody answers. A complete waste of money.",
    "Paris is the capital of France, and the sea is blue.",
    "A quick brown fox jumps over the lazy dog while it rains on the hills.",
    "What is in this picture? A cat sits on a red chair next to a window.",
)


def wordpiece(folder: Path, **more: Any) -> Any:
    """A BERT-like tokenizer, saved into the folder."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
    from transformers import BertTokenizerFast

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=400, special_tokens=special)
    tokenizer.train_from_iterator(SENTENCES, trainer)
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    saved = BertTokenizerFast(tokenizer_object=tokenizer, model_max_length=128, **more)
    saved.save_pretrained(folder)
    return saved


def byte_pairs(folder: Path, special: tuple[str, ...] = (), *, ending: str = "", **more: Any) -> Any:
    """A GPT-like tokenizer that can write every text, saved into the folder.

    `special` come first, in this order; `ending` is the one that a text is to end with.
    """
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=list(special),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(SENTENCES, trainer)
    if ending:
        tokenizer.post_processor = processors.TemplateProcessing(
            single=f"$A {ending}",
            pair=f"$A {ending} $B {ending}",
            special_tokens=[(ending, special.index(ending))],
        )
    saved = PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=512, **more)
    saved.save_pretrained(folder)
    return saved


def sentence_pieces(folder: Path, name: str) -> list[str]:
    """A SentencePiece model under this name, with control tokens as NLLB and Marian have them; its pieces."""
    import io

    import sentencepiece

    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES),
        model_writer=written,
        vocab_size=120,
        hard_vocab_limit=False,
        model_type="unigram",
        minloglevel=2,
    )
    (folder / name).write_bytes(written.getvalue())
    pieces = sentencepiece.SentencePieceProcessor(model_proto=written.getvalue())
    return [pieces.id_to_piece(index) for index in range(pieces.get_piece_size())]


def unlikely(embeddings: Any, tokenizer: Any) -> None:
    """Keeps a random model from writing special tokens and halves of letters, which nobody could read."""
    import torch

    special = set(tokenizer.all_special_tokens)
    with torch.no_grad():
        for token, index in tokenizer.get_vocab().items():
            if token in special or not token.strip("\u0120\u2581").isascii():
                embeddings.weight[index] = 0
