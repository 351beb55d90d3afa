"""What new answers changed about the themes that people see, and what a fresh look at all passages would change.

Both are told of the bank: of themes after the codebook was applied. The same decisions are applied to the run before,
so that what people decided since is no news, and all that is told came of the data.
"""

from pipeline.drift.changes import Decided, find_changes
from pipeline.drift.earlier import earlier_of
from pipeline.drift.proposals import put_by_people

__all__ = ["Decided", "earlier_of", "find_changes", "put_by_people"]
