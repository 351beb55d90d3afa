"""A checkpoint of training: whole or not there, of this corpus and these options, and with the state of chance."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch


def key(*told: object) -> str:
    """A hash of everything that decides what training comes to, by how it is written out."""
    digest = hashlib.sha256()
    for one in told:
        digest.update(f"{one!r}\n".encode())
    return digest.hexdigest()


def save(path: Path, parts: Mapping[str, Any], done: int, of: str) -> None:
    """The state of every part and of chance after `done` epochs; `of` is the key. Written aside, then moved."""
    state = {name: part.state_dict() for name, part in parts.items()}
    aside = path.with_suffix(".tmp")
    torch.save(state | {"done": done, "key": of, "chance": _chance()}, aside)
    aside.replace(path)


def resume(path: Path, parts: Mapping[str, Any], of: str, device: str) -> int | None:
    """How many epochs are done, all parts being set to where they were; None if the checkpoint is of another key."""
    if not path.is_file():
        return 0
    state = torch.load(path, weights_only=True, map_location=device)
    if state.get("key") != of:
        return None
    for name, part in parts.items():
        part.load_state_dict(state[name])
    cpu, *cuda = (one.cpu() for one in state["chance"])
    torch.set_rng_state(cpu)
    if cuda:
        torch.cuda.set_rng_state_all(cuda)
    return int(state["done"])


def _chance() -> list[torch.Tensor]:
    """Of torch alone: everything else is drawn from a generator that each epoch seeds."""
    return [torch.get_rng_state(), *(torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [])]
