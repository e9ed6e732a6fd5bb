"""Write down what transformers knows of its architectures: the local Hub tells it as the Hub does, the worker
knows from it which models need no code of their own.

Needs transformers: `.models/bin/python -m scripts.list_architectures`, after its version has changed.
"""

import json
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[1]
OF_THE_HUB = PROJECT / "bot" / "localhub" / "architectures.json"
OF_THE_WORKER = PROJECT / "worker" / "transformers_architectures.json"
TASKS = (
    ("", "MODEL_FOR_PRETRAINING", "AutoModelForPreTraining"),
    ("feature-extraction", "MODEL", "AutoModel"),
    ("image-feature-extraction", "MODEL_FOR_IMAGE", "AutoModel"),
    ("audio-classification", "MODEL_FOR_AUDIO_CLASSIFICATION", "AutoModelForAudioClassification"),
    ("text-generation", "MODEL_FOR_CAUSAL_LM", "AutoModelForCausalLM"),
    ("automatic-speech-recognition", "MODEL_FOR_CTC", "AutoModelForCTC"),
    ("image-classification", "MODEL_FOR_IMAGE_CLASSIFICATION", "AutoModelForImageClassification"),
    ("image-segmentation", "MODEL_FOR_IMAGE_SEGMENTATION", "AutoModelForImageSegmentation"),
    ("image-segmentation", "MODEL_FOR_SEMANTIC_SEGMENTATION", "AutoModelForSemanticSegmentation"),
    ("image-segmentation", "MODEL_FOR_UNIVERSAL_SEGMENTATION", "AutoModelForUniversalSegmentation"),
    ("image-to-image", "MODEL_FOR_IMAGE_TO_IMAGE", "AutoModelForImageToImage"),
    ("fill-mask", "MODEL_FOR_MASKED_LM", "AutoModelForMaskedLM"),
    ("object-detection", "MODEL_FOR_OBJECT_DETECTION", "AutoModelForObjectDetection"),
    (
        "zero-shot-object-detection",
        "MODEL_FOR_ZERO_SHOT_OBJECT_DETECTION",
        "AutoModelForZeroShotObjectDetection",
    ),
    ("question-answering", "MODEL_FOR_QUESTION_ANSWERING", "AutoModelForQuestionAnswering"),
    ("text2text-generation", "MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM", "AutoModelForSeq2SeqLM"),
    ("text-classification", "MODEL_FOR_SEQUENCE_CLASSIFICATION", "AutoModelForSequenceClassification"),
    ("automatic-speech-recognition", "MODEL_FOR_SPEECH_SEQ_2_SEQ", "AutoModelForSpeechSeq2Seq"),
    (
        "table-question-answering",
        "MODEL_FOR_TABLE_QUESTION_ANSWERING",
        "AutoModelForTableQuestionAnswering",
    ),
    ("token-classification", "MODEL_FOR_TOKEN_CLASSIFICATION", "AutoModelForTokenClassification"),
    ("multiple-choice", "MODEL_FOR_MULTIPLE_CHOICE", "AutoModelForMultipleChoice"),
    (
        "next-sentence-prediction",
        "MODEL_FOR_NEXT_SENTENCE_PREDICTION",
        "AutoModelForNextSentencePrediction",
    ),
    (
        "audio-frame-classification",
        "MODEL_FOR_AUDIO_FRAME_CLASSIFICATION",
        "AutoModelForAudioFrameClassification",
    ),
    ("audio-xvector", "MODEL_FOR_AUDIO_XVECTOR", "AutoModelForAudioXVector"),
    (
        "document-question-answering",
        "MODEL_FOR_DOCUMENT_QUESTION_ANSWERING",
        "AutoModelForDocumentQuestionAnswering",
    ),
    (
        "visual-question-answering",
        "MODEL_FOR_VISUAL_QUESTION_ANSWERING",
        "AutoModelForVisualQuestionAnswering",
    ),
    ("image-text-to-text", "MODEL_FOR_IMAGE_TEXT_TO_TEXT", "AutoModelForImageTextToText"),
    (
        "zero-shot-image-classification",
        "MODEL_FOR_ZERO_SHOT_IMAGE_CLASSIFICATION",
        "AutoModelForZeroShotImageClassification",
    ),
    ("depth-estimation", "MODEL_FOR_DEPTH_ESTIMATION", "AutoModelForDepthEstimation"),
    ("video-classification", "MODEL_FOR_VIDEO_CLASSIFICATION", "AutoModelForVideoClassification"),
    ("mask-generation", "MODEL_FOR_MASK_GENERATION", "AutoModelForMaskGeneration"),
    ("text-to-audio", "MODEL_FOR_TEXT_TO_SPECTROGRAM", "AutoModelForTextToSpectrogram"),
    ("text-to-audio", "MODEL_FOR_TEXT_TO_WAVEFORM", "AutoModelForTextToWaveform"),
)
"""Task, the library's table of it and its auto class. An architecture in several belongs to the last."""


def main() -> None:
    known = models()
    write(OF_THE_HUB, {"models": known, "processors": processors()})
    write(OF_THE_WORKER, sorted(name for each in known for name in each["architectures"]))


def write(target: Path, values: object) -> None:
    target.write_text(json.dumps(values, indent=1) + "\n")
    print(f"wrote {target.relative_to(PROJECT)}")


def models() -> list[dict[str, Any]]:
    """Per task and auto class, the architectures that are loaded with it."""
    from transformers.models.auto import modeling_auto

    of: dict[str, tuple[str, str]] = {}
    for task, table, auto_model in TASKS:
        for names in getattr(modeling_auto, f"{table}_MAPPING_NAMES").values():
            of |= dict.fromkeys([names] if isinstance(names, str) else names, (task, auto_model))
    return [
        {
            "task": task,
            "auto_model": auto,
            "architectures": sorted(n for n, as_ in of.items() if as_ == (task, auto)),
        }
        for task, auto in dict.fromkeys(of.values())
    ]


def processors() -> dict[str, list[str]]:
    """Per class that prepares the input, the model types that need it."""
    from transformers.models.auto import (
        configuration_auto,
        feature_extraction_auto,
        image_processing_auto,
        processing_auto,
        tokenization_auto,
    )

    classes = {
        "AutoProcessor": processing_auto.PROCESSOR_MAPPING_NAMES,
        "AutoTokenizer": tokenization_auto.TOKENIZER_MAPPING_NAMES,
        "AutoImageProcessor": image_processing_auto.IMAGE_PROCESSOR_MAPPING_NAMES,
        "AutoFeatureExtractor": feature_extraction_auto.FEATURE_EXTRACTOR_MAPPING_NAMES,
    }
    found: dict[str, list[str]] = {name: [] for name in classes}
    for model_type in sorted(configuration_auto.CONFIG_MAPPING_NAMES):
        first = next((name for name, types in classes.items() if model_type in types), "AutoTokenizer")
        found[first].append(model_type)
    return found


if __name__ == "__main__":
    main()
