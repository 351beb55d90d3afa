"""What an analyst does to the themes of a study, for the command line and for Python alike."""

from pipeline.edits.proposals import Proposal, accept, proposal_of, proposals, reject
from pipeline.edits.verbs import Edits

__all__ = ["Edits", "Proposal", "accept", "proposal_of", "proposals", "reject"]
