"""The one way a file says that it cannot be read."""


class Unreadable(Exception):
    """A file that is set aside. `reason` is a key of reasons.FILE_REASONS; there is nothing else in it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
