"""Opaque ids. Keyed with the study's own random key, so that nobody without it can test a guess such as a name."""

import hashlib
import hmac

_SEPARATOR = b"\x1f"


def opaque_id(key: bytes, *parts: str) -> str:
    """Sixteen hex characters that stand for `parts`: the same for the same key, meaningless without it."""
    message = _SEPARATOR.join(part.encode() for part in parts)
    return hmac.new(key, message, hashlib.sha256).hexdigest()[:16]


def text_hash(*parts: str) -> str:
    """SHA-256 of `parts`, in hex. For redacted text and file contents; never for a name, which could be guessed."""
    return hashlib.sha256(_SEPARATOR.join(part.encode("utf-8", "surrogatepass") for part in parts)).hexdigest()
