"""Imports every module of makers, so that the list is complete."""

from tests.models.tiny import (
    conversing_vision,
    diffusion,
    language_models,
    sequence_models,
    sound,
    text_classifiers,
    text_encoders,
    vision,
)

__all__ = [
    "conversing_vision",
    "diffusion",
    "language_models",
    "sequence_models",
    "sound",
    "text_classifiers",
    "text_encoders",
    "vision",
]
