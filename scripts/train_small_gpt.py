"""Trains a small GPT-2 on this machine, for running the notebook of question 5 where the hub is out of reach.

    python scripts/train_small_gpt.py FOLDER [--text FILE ...] [--steps 400]

Needs requirements-notebook.txt. The text is what Python's own help says about the language, unless files are given;
the tokenizer (byte pairs, like GPT-2's) and the weights are trained on it in a minute or two, on any processor. It
learns spelling, phrases and to look around, and little else: a stand-in with real trained heads, not a language model.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from pydoc_data.topics import topics

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast, logging

SEED = 182
END = "<|endoftext|>"
VOCABULARY = 2000
CONTEXT = 64
BATCH = 8
PEAK_LEARNING_RATE = 2e-3
WARM_UP_STEPS = 40


def main() -> int:
    arguments = parse()
    torch.manual_seed(SEED)
    torch.set_num_threads(1)  # the matrices are small: threads would mostly wait for each other
    logging.set_verbosity_error()
    text = "\n".join(path.read_text(encoding="utf-8") for path in arguments.text) or "\n".join(topics.values())
    tokenizer = train_tokenizer(text)
    tokens = torch.tensor(tokenizer(text)["input_ids"])
    model = GPT2LMHeadModel(configuration(len(tokenizer)))
    print(f"{len(tokens)} tokens of text, {sum(p.numel() for p in model.parameters()) / 1e6:.1f} million weights")
    train(model, tokens, arguments.steps)
    model.save_pretrained(arguments.folder)
    tokenizer.save_pretrained(arguments.folder)
    print(f"saved in {arguments.folder}: GPT_MODEL={arguments.folder.resolve()}")
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the model goes")
    parser.add_argument("--text", type=Path, nargs="+", default=[], help="texts to learn from (UTF-8)")
    parser.add_argument("--steps", type=int, default=400, help="of training (default: %(default)s)")
    return parser.parse_args()


def train_tokenizer(text: str) -> PreTrainedTokenizerFast:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=[END], initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(text.splitlines(keepends=True), trainer)
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token=END, eos_token=END, unk_token=END)


def configuration(vocabulary: int) -> GPT2Config:
    return GPT2Config(
        vocab_size=vocabulary, n_positions=256, n_embd=128, n_layer=4, n_head=4, bos_token_id=0, eos_token_id=0
    )


def train(model: GPT2LMHeadModel, tokens: torch.Tensor, steps: int) -> None:
    optimizer = torch.optim.AdamW(model.parameters(), lr=PEAK_LEARNING_RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: share_of_peak(step, steps))
    started = time.monotonic()
    for step, batch in enumerate(batches(tokens, steps), start=1):
        loss = model(input_ids=batch, labels=batch).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step % 50 == 0 or step == steps:
            print(f"step {step}: loss {loss.item():.2f} nats a token, {time.monotonic() - started:.0f} s", flush=True)
    model.eval()


def share_of_peak(step: int, steps: int) -> float:
    """Up in a straight line, then down in one."""
    return min((step + 1) / WARM_UP_STEPS, max(0.02, 1 - step / steps))


def batches(tokens: torch.Tensor, steps: int) -> Iterator[torch.Tensor]:
    """Pieces of the text from anywhere: (BATCH, CONTEXT)."""
    for _ in range(steps):
        starts = torch.randint(len(tokens) - CONTEXT, (BATCH,))
        yield torch.stack([tokens[start : start + CONTEXT] for start in starts.tolist()])


if __name__ == "__main__":
    sys.exit(main())
