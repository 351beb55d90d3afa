"""Sentence vectors: the one place that runs an embedding model, and the cache that saves running it twice.

A text's vector depends on the text and the model alone, to the last bit; what else is in the study cannot change its
rounding. The cache may therefore be deleted at any time without changing a result.
"""

from pipeline.encoder.cache import embed_texts
from pipeline.encoder.choice import Encoder, encoder_for

__all__ = ["Encoder", "embed_texts", "encoder_for"]
