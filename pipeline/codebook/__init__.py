"""The codebook: what people decided about themes. Their word is law; the machine only adds to it.

`codebook.yaml` shows the state and may be edited by hand; `decisions/codebook.jsonl` holds every decision, whoever
took it and by whichever way, and is replayed on the themes of every run.
"""

from pipeline.codebook.applying import apply_codebook, coded_assignments, found_in
from pipeline.codebook.centroids import unpacked
from pipeline.codebook.conflicts import conflicts, kept_out
from pipeline.codebook.file import propose, read_codebook, write_codebook
from pipeline.codebook.located import located
from pipeline.codebook.log import came_from, codebook_log, current_state, known_themes, synchronise
from pipeline.codebook.model import Code, Codebook
from pipeline.codebook.replay import replay
from pipeline.codebook.state import Conflict, State

__all__ = [
    "Code",
    "Codebook",
    "Conflict",
    "State",
    "apply_codebook",
    "came_from",
    "codebook_log",
    "coded_assignments",
    "conflicts",
    "current_state",
    "found_in",
    "kept_out",
    "known_themes",
    "located",
    "propose",
    "read_codebook",
    "replay",
    "synchronise",
    "unpacked",
    "write_codebook",
]
