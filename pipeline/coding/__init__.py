"""Deductive coding: every passage coded by a codebook, from its definitions, its examples and all that people coded.

Pure functions over texts and vectors; they read no file and know no study.
"""

from pipeline.coding.coder import Coding, code_passages
from pipeline.coding.codes import Code, Ideas, Passages

__all__ = ["Code", "Coding", "Ideas", "Passages", "code_passages"]
