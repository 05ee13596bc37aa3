#!/usr/bin/python3
"""Writes jade_golden.safetensors.gz: what PyTorch computes with a Jade of 32 units, in double.

Outputs, losses, the gradient of every task and of the training total, and the weights after one and
three AdamW steps, for five windows of real bars with made-up spans. Nothing here is of spanlab.
Needs torch and safetensors; run it in this folder.
"""
import csv
import gzip

import torch
from safetensors.torch import save
from torch import nn
from torch.nn import functional

HIDDEN, PROJECTION, LENGTH, BATCH, SEED = 32, 16, 105, 5, 17
TASKS = ("ptr", "type", "span", "countdown")
# Of each window: first and last bar of the span, and its type (0 consolidation, 1 retracement).
SPANS = ((3, 9, 0), (40, 42, 1), (67, 78, 1), (95, 104, 0), (0, 4, 1))


class Jade(nn.Module):
    """Jade without dropout; names and initialisation are PyTorch's own."""

    def __init__(self, features, hidden, projection):
        super().__init__()
        self.lstm = nn.LSTM(features, hidden, batch_first=True, bidirectional=True)
        self.projection = nn.Sequential(nn.Linear(2 * hidden, projection), nn.ReLU())
        self.classifier = nn.Sequential(nn.Identity(), nn.Linear(projection, 3))
        self.pointer_head = nn.Sequential(nn.Identity(), nn.Linear(projection, 2))
        self.expansion_span_emission = nn.Sequential(nn.Identity(), nn.Linear(2 * hidden, 1))
        self.expansion_countdown_head = nn.Sequential(nn.Identity(), nn.Linear(2 * hidden, 1))
        for task in TASKS:
            start = torch.tensor([-0.3 if task == "ptr" else 0.0])
            setattr(self, "log_sigma_" + task, nn.Parameter(start))

    def forward(self, x):
        states, _ = self.lstm(x)
        pooled = self.projection(states.mean(dim=1))
        return {"logits": self.classifier(pooled),
                "pointers": torch.sigmoid(self.pointer_head(pooled)),
                "span_prob": torch.sigmoid(self.expansion_span_emission(states)).squeeze(-1),
                "countdown": self.expansion_countdown_head(states).squeeze(-1)}


def losses_of(out, target, pos_weight=1.0):
    p, y = out["span_prob"].clamp(1e-7, 1 - 1e-7), target["mask"]
    return {"ptr": functional.huber_loss(out["pointers"], target["pointers"], delta=0.08),
            "type": functional.cross_entropy(out["logits"], target["type"]),
            "span": -(pos_weight * y * p.log() + (1 - y) * (1 - p).log()).mean(),
            "countdown": functional.huber_loss(out["countdown"], target["countdown"], delta=1.0)}


def total_of(model, losses):
    log_sigma = {task: getattr(model, "log_sigma_" + task) for task in TASKS}
    return sum(losses[t] / (2 * torch.exp(log_sigma[t]) ** 2) + log_sigma[t] for t in TASKS)


def targets_of(spans):
    start, end, kind = torch.tensor(spans).unbind(1)
    bar = torch.arange(LENGTH)
    first, last = start[:, None], end[:, None]
    pointers = torch.stack([(start + end).double() / 2, (end - start).double()], 1) / LENGTH
    return {"type": kind, "start": start, "end": end, "pointers": pointers,
            "mask": ((bar >= first) & (bar <= last)).double(),
            "countdown": (first - bar).clamp(-20, 20).double()}


def golden(model, features, target):
    """All tensors by name. `model` in float32; from here on all is double."""
    tensors = {"param." + name: p.detach().clone() for name, p in model.named_parameters()}
    tensors["input.features"] = features
    tensors |= {"target." + name: value for name, value in target.items()}
    model, features = model.double(), features.double()
    out = model(features)
    losses = losses_of(out, target)
    total = total_of(model, losses)
    tensors |= {"out." + name: value for name, value in out.items()}
    tensors |= {"loss." + task: loss for task, loss in losses.items()}
    tensors["loss.total"] = total
    tensors["loss.span_pos_weight_13.1"] = losses_of(out, target, 13.1)["span"]
    for task in TASKS + ("total",):
        loss = total if task == "total" else losses[task]
        model.zero_grad(set_to_none=True)
        loss.backward(retain_graph=True)
        prefix = "grad_total." if task == "total" else f"grad_task.{task}."
        tensors |= {prefix + name: rounded(p.grad) for name, p in model.named_parameters()
                    if p.grad is not None}
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
    for step in (1, 2, 3):
        optimizer.zero_grad(set_to_none=True)
        total_of(model, losses_of(model(features), target)).backward()
        optimizer.step()
        if step != 2:
            tensors |= {f"param_after_{step}.{name}": rounded(p, largest=1.0)
                        for name, p in model.named_parameters()}
    return {name: t.detach().clone().reshape(t.shape or (1,)) for name, t in tensors.items()}


def rounded(values, largest=None):
    """To 2^-36 of the largest, far finer than the tests look: gzip then has less to keep."""
    step = (values.detach().abs().max() if largest is None else torch.tensor(largest)).double()
    if step == 0:
        return values.detach().clone()
    step = 2.0 ** (torch.ceil(torch.log2(step)) - 36)
    return torch.round(values.detach() / step) * step


def windows_of(path):
    """[BATCH, LENGTH, 12]: the first windows of a file of features."""
    with gzip.open(path, "rt") as file:
        rows = [[float(cell) for cell in row[2:14]] for row in list(csv.reader(file))[1:]]
    return torch.tensor(rows[:BATCH * LENGTH]).reshape(BATCH, LENGTH, 12)


if __name__ == "__main__":
    torch.manual_seed(SEED)
    made = golden(Jade(12, HIDDEN, PROJECTION), windows_of("features_per_window.csv.gz"),
                  targets_of(SPANS))
    with open("jade_golden.safetensors.gz", "wb") as out_file:
        out_file.write(gzip.compress(save(made), 9, mtime=0))
