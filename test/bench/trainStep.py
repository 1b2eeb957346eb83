"""One freeze-align training step in PyTorch, one thread: lines "ready" and "<ms>" per "step" read."""

import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)
torch.manual_seed(0)
batch = int(sys.argv[1])
WIDTHS, P = (1280, 384), 512


class Head(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm, self.drop = nn.LayerNorm(width), nn.Dropout(0.1)
        self.linear, self.up, self.down = nn.Linear(width, P), nn.Linear(width, P), nn.Linear(P, P)

    def forward(self, x):
        h = self.drop(self.norm(x))
        return F.normalize(self.linear(h) + self.down(F.gelu(self.up(h))), dim=1)


heads = nn.ModuleList(Head(w) for w in WIDTHS)
log_scale = nn.Parameter(torch.tensor(1 / 0.07).log())
matrices = [p for p in heads.parameters() if p.ndim > 1]
vectors = [p for p in heads.parameters() if p.ndim <= 1] + [log_scale]
optimizer = torch.optim.AdamW(
    [{"params": matrices, "weight_decay": 0.02}, {"params": vectors, "weight_decay": 0.0}],
    lr=1e-3,
    betas=(0.9, 0.95),
)
rows = [torch.randn(4 * batch, w) for w in WIDTHS]
target = torch.arange(batch)


def step():
    chosen = torch.randperm(4 * batch)[:batch]
    a, b = (head(x[chosen]) for head, x in zip(heads, rows))
    logits = a @ b.T * log_scale.exp()
    loss = (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        log_scale.clamp_(0.6931, 4.6052)


step()
print(f"ready torch {torch.__version__}", flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    step()
    print((time.perf_counter() - start) * 1e3, flush=True)
