"""Teaches MPNet which answers belong together: those that people would give one code, and near its definition.

    make coder            (about an hour on two cores)

Writes build/coder/model.safetensors. Seeded. The held-out codebooks of data/training/codebooks/ are only measured:
how often an answer's nearest code by cosine is one it was given, before and after.
"""

import argparse
import copy
import math
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from base import base
from coded import Codebook, read
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch.nn.functional import log_softmax, normalize
from torch.nn.utils.rnn import pad_sequence
from transformers import AutoModel

sys.path.insert(0, str(Path(__file__).parent.parent / "encoder"))
from counting import counted

from pipeline.coding import Code

Vectors = Callable[[list[str]], torch.Tensor]  # texts to unit vectors
ROOT = Path(__file__).parent.parent.parent
LONGEST = 128  # tokens of a text in training
GROUP = 768  # tokens of texts of like length that are padded together
TAUGHT = 6  # layers that learn, the upper ones; what comes below stays as it is, and is computed once for each text
ANSWERS, BOOKS = 40, 2  # answers of a codebook in a step, and codebooks
RATE, WARM, LEAST = 4e-5, 0.06, 0.02  # learning rate; share of steps until it is reached; where it ends, as a share
HEAT = 0.06  # of the softmax over cosines
BY_CODE, BY_ANSWER, KEPT = 0.3, 0.3, 30.0  # weights beside finding the code of an answer; see `losses` and `lesson`


class Encoder(torch.nn.Module):
    """MPNet, and the mean of its tokens as the exported graph takes it."""

    counts: torch.Tensor

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.bert = AutoModel.from_pretrained(folder, local_files_only=True).float()
        self.bert.requires_grad_(False)
        self.upper = self.bert.encoder.layer[-TAUGHT:].requires_grad_(True)
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(LONGEST)
        self.register_buffer("counts", torch.tensor(counted(self.tokenizer), dtype=torch.float32))
        self.bert.eval()  # without dropout: it is slow, and the epochs are few
        self._known: dict[str, tuple[torch.Tensor, torch.Tensor]] = {}

    def as_it_is(self) -> "Encoder":
        """One that no longer learns."""
        known, self._known = self._known, {}
        still = copy.deepcopy(self).requires_grad_(False)
        self._known = still._known = known
        return still

    def forward(self, texts: list[str]) -> torch.Tensor:
        """Unit vectors, float (len(texts), width)."""
        with torch.autocast("cpu", dtype=torch.bfloat16):
            self._read([text for text in dict.fromkeys(texts) if text not in self._known])
            given = [self._known[text] for text in texts]
            groups = _alike([len(ids) for ids, _ in given])
            parts = [self._mean(*_padded([given[row] for row in rows])) for rows in groups]
        return torch.cat(parts)[torch.tensor([row for rows in groups for row in rows]).argsort()]

    @torch.no_grad()
    def _read(self, texts: list[str]) -> None:
        """What the lower layers make of texts."""
        tokens = [torch.tensor(encoded.ids) for encoded in self.tokenizer.encode_batch(texts)]
        for rows in _alike([len(ids) for ids in tokens]):
            ids, _, mask = _padded([(tokens[row], tokens[row]) for row in rows])
            hidden = self._through(self.bert.encoder.layer[:-TAUGHT], self.bert.embeddings(input_ids=ids), mask)
            for row, states in zip(rows, hidden.bfloat16(), strict=True):
                self._known[texts[row]] = (tokens[row], states[: len(tokens[row])].clone())

    def _mean(self, ids: torch.Tensor, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        hidden = self._through(self.upper, states, mask).float()  # up to here in bfloat16, sums between layers too
        return normalize((hidden * (self.counts[ids] * mask).unsqueeze(-1)).sum(1), dim=-1)

    def _through(self, layers: Iterable[torch.nn.Module], hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        nearness = self.bert.encoder.compute_position_bias(hidden)
        for layer in layers:
            hidden = layer(hidden, (1 - mask)[:, None, None] * -1e4, position_bias=nearness)[0]
        return hidden


def _alike(lengths: list[int]) -> list[list[int]]:
    """Rows of like length together, in groups of about GROUP tokens."""
    groups: list[list[int]] = [[]]
    for row in sorted(range(len(lengths)), key=lambda row: lengths[row]):
        if groups[-1] and (len(groups[-1]) + 1) * lengths[row] > GROUP:
            groups.append([])
        groups[-1].append(row)
    return [rows for rows in groups if rows]


def _padded(texts: list[tuple[torch.Tensor, torch.Tensor]]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Token ids (texts, tokens), what stands for each, and float 1 where there is one; the rest is 0."""
    ids, states = (pad_sequence(list(part), batch_first=True) for part in zip(*texts, strict=True))
    mask = pad_sequence([torch.ones(len(ids)) for ids, _ in texts], batch_first=True)
    return ids, states, mask


def text_of(code: Code, chance: random.Random) -> str:
    """The code as codebooks have it: only a label, with a definition, the definition alone, or one thing it lists."""
    drawn = chance.random()
    if not code.definition or drawn < 0.2:
        return code.label
    if drawn < 0.65:
        return code.meaning
    return code.definition if drawn < 0.8 else chance.choice(code.aspects or (code.label,))


def losses(answers: torch.Tensor, codes: torch.Tensor, given: torch.Tensor) -> torch.Tensor:
    """Of one codebook: does each answer find its codes, each code its answers, each answer those that share a code?

    The contrastive loss with several that are right (Khosla et al. 2020, "Supervised contrastive learning").

    Args:
        answers, codes: unit vectors. given: float (answers, codes), 1 where the answer has the code.
    """
    nearness = answers @ codes.T / HEAT
    alike = answers @ answers.T / HEAT
    alike = alike.masked_fill(torch.eye(len(answers), dtype=torch.bool), -1e4)
    shared = (given @ given.T > 0).float().fill_diagonal_(0)
    found = _contrast(nearness, given) + BY_CODE * _contrast(nearness.T, given.T)
    return found + BY_ANSWER * _contrast(alike, shared)


def _contrast(scores: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """Mean over rows that have anything right of how surprising it is."""
    n_right = right.sum(1)
    each = -(log_softmax(scores, 1) * right).sum(1) / n_right.clamp(min=1)
    return each[n_right > 0].mean() if (n_right > 0).any() else scores.new_zeros(())


@dataclass(frozen=True)
class Step:
    """Some answers of a codebook, by their rows, that are taught together."""

    book: Codebook
    rows: list[int]


def steps(books: list[Codebook], chance: random.Random) -> Iterator[list[Step]]:
    """One epoch: all answers once, `BOOKS` parts of codebooks at a time."""
    parts: list[Step] = []
    for book in books:
        order = list(range(len(book.answers)))
        chance.shuffle(order)
        n_parts = math.ceil(len(order) / ANSWERS)
        parts += [Step(book, order[n::n_parts]) for n in range(n_parts)]
    chance.shuffle(parts)
    for first in range(0, len(parts), BOOKS):
        yield parts[first : first + BOOKS]


def lesson(model: Encoder, together: list[Step], before: Vectors, chance: random.Random) -> torch.Tensor:
    """The loss of a step. What it must not forget: how alike any two of these texts were `before`."""
    texts: list[str] = []
    places = []
    for step in together:
        first = len(texts)
        spoken = [text_of(code, chance) for code in step.book.codes]
        texts += [step.book.answers[row] for row in step.rows] + spoken
        places.append((first, first + len(step.rows), len(texts)))
    vectors = model(texts)
    loss = vectors.new_zeros(())
    for step, (first, middle, end) in zip(together, places, strict=True):
        given = torch.tensor(
            [[code.theme_id in step.book.given[row] for code in step.book.codes] for row in step.rows],
            dtype=torch.float32,
        )
        loss = loss + losses(vectors[first:middle], vectors[middle:end], given) / len(together)
    were = before(texts)
    return loss + KEPT * ((vectors @ vectors.T - were @ were.T) ** 2).mean()


def train(model: Encoder, books: list[Codebook], epochs: int, seed: int) -> None:
    chance = random.Random(seed)
    before = remembered(model.as_it_is())
    learning = list(model.upper.parameters())
    optimiser = torch.optim.AdamW(learning, lr=RATE, weight_decay=0.01)
    in_all = epochs * math.ceil(sum(math.ceil(len(book.answers) / ANSWERS) for book in books) / BOOKS)
    done, started = 0, time.monotonic()
    for epoch in range(epochs):
        total = 0.0
        for n, together in enumerate(steps(books, chance), start=1):
            for group in optimiser.param_groups:
                group["lr"] = RATE * min(1, (done + 1) / (WARM * in_all)) * max(LEAST, 1 - done / in_all)
            loss = lesson(model, together, before, chance)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learning, 1.0)
            optimiser.step()
            done, total = done + 1, total + loss.item()
            if done % 20 == 0:
                minutes = (time.monotonic() - started) / 60
                sys.stdout.write(
                    f"epoch {epoch + 1}, step {done} of {in_all}: loss {total / n:.3f}, {minutes:.0f} min\n"
                )
                sys.stdout.flush()


def remembered(model: Encoder) -> Vectors:
    """What the model made of texts before it was taught, each computed once."""
    known: dict[str, torch.Tensor] = {}

    def vectors(texts: list[str]) -> torch.Tensor:
        new = sorted({text for text in texts if text not in known})
        if new:
            with torch.no_grad():
                known.update(zip(new, model(new).clone(), strict=True))
        return torch.stack([known[text] for text in texts])

    return vectors


def found_by_definition(model: Encoder, books: list[Codebook]) -> float:
    """How often the code whose label and definition are nearest is one the answer was given; the mean of codebooks."""
    encode = remembered(model)
    shares = []
    for book in books:
        nearness = encode(list(book.answers)) @ encode([code.meaning for code in book.codes]).T
        best = [book.codes[code].theme_id for code in nearness.argmax(1).tolist()]
        shares.append(np.mean([code in given for code, given in zip(best, book.given, strict=True)]))
    return float(np.mean(shares))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "coder")
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    training, held_out = read(ROOT / "data" / "training" / "codebooks")
    model = Encoder(base(asked.out / "base"))
    n_answers = sum(len(book.answers) for book in training)
    sys.stdout.write(f"{len(training)} codebooks, {n_answers} answers; {len(held_out)} codebooks held out\n")
    sys.stdout.write(f"held out, found by definition: {found_by_definition(model, held_out):.3f}\n")
    train(model, training, asked.epochs, asked.seed)
    sys.stdout.write(f"held out, found by definition: {found_by_definition(model, held_out):.3f}\n")
    asked.out.mkdir(parents=True, exist_ok=True)
    save_file(
        {name: values.contiguous() for name, values in model.bert.state_dict().items()}, asked.out / "model.safetensors"
    )


if __name__ == "__main__":
    main()
