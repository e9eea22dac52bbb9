"""Trains one epoch for every line on standard input with PyTorch, and answers with a line of JSON.

The same work as oursWorker.ts: the same batches, word vectors that are trained, a packed bidirectional LSTM of 128 units
per direction, additive attention without start, end and padding, weighted cross-entropy summed over the batch, three
groups of Adam with AMSGrad. `--fused` lets PyTorch use its fused Adam instead of its default.
"""

import json
import resource
import sys
import time

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

PAD, START, END = 0, 2, 3
EMBEDDING, HIDDEN = 300, 128


class Classifier(nn.Module):
    def __init__(self, tokens):
        super().__init__()
        self.embedding = nn.Embedding(tokens, EMBEDDING, padding_idx=PAD)
        self.lstm = nn.LSTM(EMBEDDING, HIDDEN, batch_first=True, bidirectional=True)
        self.project = nn.Linear(2 * HIDDEN, HIDDEN)
        self.score = nn.Linear(HIDDEN, 1, bias=False)
        self.decoder = nn.Linear(2 * HIDDEN, 1)

    def forward(self, ids, lengths):
        packed = pack_padded_sequence(self.embedding(ids), lengths, batch_first=True, enforce_sorted=False)
        states, _ = pad_packed_sequence(self.lstm(packed)[0], batch_first=True)
        scores = self.score(torch.tanh(self.project(states))).squeeze(-1)
        outside = (ids == PAD) | (ids == START) | (ids == END)
        attention = torch.softmax(scores.masked_fill(outside, -torch.inf), dim=-1)
        return self.decoder((attention.unsqueeze(-1) * states).sum(dim=1)).squeeze(-1)


def main(path, fused):
    torch.set_num_threads(2)
    torch.manual_seed(0)
    work = json.load(open(path))
    model = Classifier(work["tokens"])
    groups = ([model.embedding, model.lstm], [model.project, model.score], [model.decoder])
    optimisers = [
        torch.optim.Adam([p for m in modules for p in m.parameters()], lr=1e-3, weight_decay=decay, amsgrad=True, fused=fused or None)
        for modules, decay in zip(groups, (1e-5, 0, 1e-5))
    ]
    loss_of = nn.BCEWithLogitsLoss(pos_weight=torch.tensor(work["positiveWeight"]), reduction="sum")
    batches = [
        ([torch.tensor([START, *x["ids"], END]) for x in batch], [float(x["label"]) for x in batch])
        for batch in work["batches"]
    ]

    def step(sequences, labels):
        lengths = torch.tensor([len(s) for s in sequences])
        logits = model(pad_sequence(sequences, batch_first=True, padding_value=PAD), lengths)
        loss = loss_of(logits, torch.tensor(labels))
        for optimiser in optimisers:
            optimiser.zero_grad()
        loss.backward()
        for optimiser in optimisers:
            optimiser.step()
        return loss.item()

    for batch in batches[:20]:
        step(*batch)
    name = f"PyTorch {torch.__version__}" + (" with fused Adam" if fused else "")
    print(json.dumps({"ready": f"{name}, Python {sys.version.split()[0]}"}), flush=True)
    for _ in sys.stdin:
        started = time.perf_counter()
        loss = sum(step(*batch) for batch in batches)
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "loss": loss, "peakMegabytes": peak}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], "--fused" in sys.argv)
