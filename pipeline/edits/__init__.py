"""What an analyst does to the themes of a study, for the command line and for Python alike."""

from pipeline.edits.verbs import Edits

__all__ = ["Edits"]
