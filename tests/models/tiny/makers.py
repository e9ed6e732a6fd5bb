"""Imports every module of makers, so that the list is complete."""

from tests.models.tiny import (
    asked_vision,
    conversing_vision,
    describing_vision,
    diffusion,
    language_models,
    pointing_vision,
    seeing_and_reading,
    sequence_models,
    sound,
    speaking,
    text_classifiers,
    text_encoders,
    vision,
)

__all__ = [
    "asked_vision",
    "conversing_vision",
    "describing_vision",
    "diffusion",
    "language_models",
    "pointing_vision",
    "seeing_and_reading",
    "sequence_models",
    "sound",
    "speaking",
    "text_classifiers",
    "text_encoders",
    "vision",
]
