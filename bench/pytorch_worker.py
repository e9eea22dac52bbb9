"""Runs a stage of the study for every line on standard input, its name, in PyTorch, and answers with a line of JSON.

    python pytorch_worker.py WORK.json [--weights=WEIGHTS.safetensors] [--fused]

The loops are those of the paper's protocol in its own way of doing them: batches of 32 texts of similar length, padded;
one pass of the model per removed position, permutation and step of the search. `--weights` names the weights that the
other contestant wrote. `--fused` lets PyTorch use its fused Adam instead of its default.
"""

import json
import os
import resource
import sys
import time

import numpy as np
import torch
from safetensors.torch import load_file
from scipy.stats import kendalltau
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

PAD, START, END = 0, 2, 3
EMBEDDING, HIDDEN, BATCH = 300, 128, 32
PERMUTATIONS, CANDIDATES, SEARCH_STEPS, PENALTY, SLACK, EPSILON = 100, 5, 500, 500, 0.01, 0.05


class Classifier(nn.Module):
    def __init__(self, tokens):
        super().__init__()
        self.embedding = nn.Embedding(tokens, EMBEDDING, padding_idx=PAD)
        self.lstm = nn.LSTM(EMBEDDING, HIDDEN, batch_first=True, bidirectional=True)
        self.project = nn.Linear(2 * HIDDEN, HIDDEN)
        self.score = nn.Linear(HIDDEN, 1, bias=False)
        self.decoder = nn.Linear(2 * HIDDEN, 1)

    def encode(self, embedded, lengths):
        packed = pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        return pad_packed_sequence(self.lstm(packed)[0], batch_first=True, total_length=embedded.shape[1])[0]

    def attend(self, states, ids):
        scores = self.score(torch.tanh(self.project(states))).squeeze(-1)
        return torch.softmax(scores.masked_fill(outside_words(ids), -torch.inf), dim=-1)

    def decode(self, attention, states):
        return self.decoder((attention.unsqueeze(-1) * states).sum(dim=1)).squeeze(-1)

    def forward(self, ids, lengths):
        states = self.encode(self.embedding(ids), lengths)
        return self.decode(self.attend(states, ids), states)


def outside_words(ids):
    return (ids == PAD) | (ids == START) | (ids == END)


def restore(model, path):
    """Takes over weights in the other contestant's layout; the directions lie side by side there."""
    w = load_file(path)
    values = {
        "embedding.weight": w["embedding.vectors"],
        "project.weight": w["attention.projection"].T,
        "project.bias": w["attention.bias"],
        "score.weight": w["attention.vector"].T,
        "decoder.weight": w["decoder.weights"].T,
        "decoder.bias": w["decoder.bias"],
    }
    for direction, suffix in enumerate(("", "_reverse")):
        own = slice(direction * 4 * HIDDEN, (direction + 1) * 4 * HIDDEN)
        values["lstm.weight_ih_l0" + suffix] = w["encoder.inputWeights"][:, own].T
        values["lstm.weight_hh_l0" + suffix] = w["encoder.recurrentWeights"][direction].T
        values["lstm.bias_ih_l0" + suffix] = w["encoder.inputBias"][own]
        values["lstm.bias_hh_l0" + suffix] = w["encoder.recurrentBias"][own]
    model.load_state_dict(values)


class Training:
    """An epoch over the batches of the work, as they are; padding is made within the step."""

    def __init__(self, work, fused):
        self.model = Classifier(work["tokens"])
        groups = ([self.model.embedding, self.model.lstm], [self.model.project, self.model.score], [self.model.decoder])
        self.optimisers = [
            torch.optim.Adam([p for m in modules for p in m.parameters()], lr=1e-3, weight_decay=decay, amsgrad=True, fused=fused or None)
            for modules, decay in zip(groups, (1e-5, 0, 1e-5))
        ]
        self.loss_of = nn.BCEWithLogitsLoss(pos_weight=torch.tensor(work["positiveWeight"]), reduction="sum")
        self.batches = [([sequence_of(x["ids"]) for x in batch], [float(x["label"]) for x in batch]) for batch in work["batches"]]

    def epoch(self, batches=None):
        return sum(self.step(*batch) for batch in self.batches[:batches])

    def step(self, sequences, labels):
        lengths = torch.tensor([len(s) for s in sequences])
        logits = self.model(pad_sequence(sequences, batch_first=True, padding_value=PAD), lengths)
        loss = self.loss_of(logits, torch.tensor(labels))
        for optimiser in self.optimisers:
            optimiser.zero_grad()
        loss.backward()
        for optimiser in self.optimisers:
            optimiser.step()
        return loss.item()


def sequence_of(ids):
    return torch.tensor([START, *ids, END])


def batches_of(texts):
    texts = sorted(texts, key=lambda text: len(text["ids"]))
    batches = []
    for start in range(0, len(texts), BATCH):
        sequences = [sequence_of(text["ids"]) for text in texts[start : start + BATCH]]
        lengths = torch.tensor([len(s) for s in sequences])
        batches.append((pad_sequence(sequences, batch_first=True, padding_value=PAD), lengths))
    return batches


class Analyses:
    """Every stage after the training. Each answers with one number by which the contestants' answers are compared."""

    def __init__(self, work, weights):
        self.model = Classifier(work["tokens"])
        if weights:
            restore(self.model, weights)
        self.batches = batches_of(work["texts"])

    @torch.no_grad()
    def prediction(self):
        self.said = []
        for ids, lengths in self.batches:
            states = self.model.encode(self.model.embedding(ids), lengths)
            attention = self.model.attend(states, ids)
            output = torch.sigmoid(self.model.decode(attention, states))
            self.said.append((states, attention, output))
        return lambda: float(np.mean([p for _, _, output in self.said for p in output.tolist()]))

    def gradient(self):
        importance = []
        for ids, lengths in self.batches:
            embedded = self.model.embedding(ids).detach().requires_grad_()
            states = self.model.encode(embedded, lengths)
            attention = self.model.attend(states, ids).detach()
            output = torch.sigmoid(self.model.decode(attention, states))
            (gradient,) = torch.autograd.grad(output.sum(), embedded)
            importance.append((gradient * embedded).sum(dim=-1).abs().detach().numpy())
        self.gradients = importance
        return lambda: self.mean_tau(importance)

    @torch.no_grad()
    def leave_one_out(self):
        importance = []
        for (ids, lengths), (_, _, output) in zip(self.batches, self.said):
            changes = np.zeros(ids.shape, dtype=np.float32)
            for position in range(1, ids.shape[1] - 1):
                without = torch.cat([ids[:, :position], ids[:, position + 1 :]], dim=1)
                changes[:, position] = (torch.sigmoid(self.model(without, lengths - 1)) - output).abs().numpy()
            importance.append(changes)
        self.changes = importance
        return lambda: self.mean_tau(importance)

    def whole(self, training, dev, path):
        """Eight epochs with dev scores and checkpoints, then every analysis."""
        scores = []
        for _ in range(8):
            training.epoch()
            with torch.no_grad():
                scores.append([training.model(*batch).tolist() for batch in dev])
            state = {"model": training.model.state_dict(), "optimisers": [o.state_dict() for o in training.optimisers]}
            torch.save(state, path)
        self.model.load_state_dict(training.model.state_dict())
        for stage in (self.prediction, self.gradient, self.leave_one_out, self.permutation, self.search, self.kendall):
            stage()
        return len(scores)

    def pairs(self, importance):
        """Attention and importance of the words of each text."""
        for (_, lengths), (_, attention, _), values in zip(self.batches, self.said, importance):
            for weights, row, length in zip(attention.numpy(), values, lengths.tolist()):
                yield weights[1 : length - 1], row[1 : length - 1]

    def mean_tau(self, importance):
        return float(np.nanmean([kendalltau(weights, row).statistic for weights, row in self.pairs(importance)]))

    def kendall(self):
        """Of the attention and either importance of every text."""
        taus = [kendalltau(*pair) for importance in (self.gradients, self.changes) for pair in self.pairs(importance)]
        return lambda: float(np.nanmean([tau.statistic for tau in taus]))

    @torch.no_grad()
    def permutation(self):
        medians = []
        for (_, lengths), (states, attention, output) in zip(self.batches, self.said):
            changes = []
            for _ in range(PERMUTATIONS):
                permuted = attention.numpy().copy()
                for row, length in zip(permuted, lengths.tolist()):
                    row[1 : length - 1] = np.random.permutation(row[1 : length - 1])
                changes.append((torch.sigmoid(self.model.decode(torch.from_numpy(permuted), states)) - output).abs().numpy())
            medians.extend(np.median(changes, axis=0))
        return lambda: float(np.mean(medians))

    def search(self):
        largest = []
        for (ids, _), (states, attention, output) in zip(self.batches, self.said):
            largest.extend(self.search_batch(outside_words(ids), states, attention, output))
        return lambda: float(np.mean(largest))

    def search_batch(self, outside, states, attention, output):
        """Largest divergence among each text's candidates whose output is near the model's; 0 if none is."""
        words = (~outside).sum(dim=1)
        start = -words.float().log()[:, None, None] + 3 * torch.randn(len(outside), CANDIDATES, outside.shape[1])
        scores = start.masked_fill(outside.unsqueeze(1), 0).requires_grad_()
        optimiser = torch.optim.Adam([scores], lr=0.01, amsgrad=True)

        def candidates():
            found = torch.softmax(scores.masked_fill(outside.unsqueeze(1), -torch.inf), dim=-1)
            outputs = torch.sigmoid(self.model.decoder(found @ states).squeeze(-1))
            return found, (outputs - output[:, None]).abs()

        for _ in range(SEARCH_STEPS):
            found, change = candidates()
            apart = jensen_shannon(found, attention.unsqueeze(1))
            among = jensen_shannon(found.unsqueeze(1), found.unsqueeze(2)).mean(dim=(1, 2))
            loss = (PENALTY * torch.relu(change - SLACK) - apart).sum() - among.sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        with torch.no_grad():
            found, change = candidates()
            apart = jensen_shannon(found, attention.unsqueeze(1)).masked_fill(change > EPSILON, 0)
        return apart.max(dim=1).values.tolist()


def jensen_shannon(p, q):
    middle = ((p + q) / 2 + 1e-10).log()
    return ((p * ((p + 1e-10).log() - middle)).sum(dim=-1) + (q * ((q + 1e-10).log() - middle)).sum(dim=-1)) / 2


def main(path, options):
    torch.set_num_threads(os.cpu_count())
    torch.manual_seed(0)
    np.random.seed(0)
    work = json.load(open(path))
    fused = "--fused" in options
    weights = next((option.split("=", 1)[1] for option in options if option.startswith("--weights=")), None)
    training = Training(work, fused)
    analyses = Analyses(work, weights)
    training.epoch(batches=20)
    for parameter in analyses.model.parameters():
        parameter.requires_grad_(False)
    stages = {
        "training": training.epoch,
        "prediction": analyses.prediction,
        "gradient": analyses.gradient,
        "leave-one-out": analyses.leave_one_out,
        "permutation": analyses.permutation,
        "search": analyses.search,
        "kendall": analyses.kendall,
        "whole configuration": lambda: analyses.whole(Training(work, fused), batches_of(work["dev"]), path + ".state"),
    }
    name = f"PyTorch {torch.__version__}" + (" with fused Adam" if fused else "")
    print(json.dumps({"ready": f"{name}, Python {sys.version.split()[0]}"}), flush=True)
    for line in sys.stdin:
        started = time.perf_counter()
        answer = stages[line.strip()]()
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        answer = answer() if callable(answer) else answer
        print(json.dumps({"seconds": seconds, "answer": answer, "peakMegabytes": peak}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
