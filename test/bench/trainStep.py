"""Freeze-align training steps in PyTorch, fp32: `trainStep.py BATCH cpu|cuda`.

Says "ready NAME", then for every number of steps read the mean milliseconds of a step, on the clock
and of processor time. One thread; on CUDA without TF32, which would round the products to 10 bits.
"""

import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)
torch.manual_seed(0)
torch.backends.cuda.matmul.allow_tf32 = False
batch, device = int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "cpu"
WIDTHS, P = (1280, 384), 512


class Head(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm, self.drop = nn.LayerNorm(width), nn.Dropout(0.1)
        self.linear, self.up, self.down = nn.Linear(width, P), nn.Linear(width, P), nn.Linear(P, P)

    def forward(self, x):
        h = self.drop(self.norm(x))
        return F.normalize(self.linear(h) + self.down(F.gelu(self.up(h))), dim=1)


heads = nn.ModuleList(Head(w) for w in WIDTHS).to(device)
log_scale = nn.Parameter(torch.tensor(1 / 0.07, device=device).log())
matrices = [p for p in heads.parameters() if p.ndim > 1]
vectors = [p for p in heads.parameters() if p.ndim <= 1] + [log_scale]
optimizer = torch.optim.AdamW(
    [{"params": matrices, "weight_decay": 0.02}, {"params": vectors, "weight_decay": 0.0}],
    lr=1e-3,
    betas=(0.9, 0.95),
)
rows = [torch.randn(4 * batch, w, device=device) for w in WIDTHS]
target = torch.arange(batch, device=device)


def step():
    chosen = torch.randperm(4 * batch, device=device)[:batch]
    a, b = (head(x[chosen]) for head, x in zip(heads, rows))
    logits = a @ b.T * log_scale.exp()
    loss = (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        log_scale.clamp_(0.6931, 4.6052)


def synchronize():
    if device == "cuda":
        torch.cuda.synchronize()


step()
synchronize()
where = torch.cuda.get_device_name() if device == "cuda" else "CPU, one thread"
print(f"ready PyTorch {torch.__version__}, {where}", flush=True)
for line in sys.stdin:
    steps = int(line)
    clock, processor = time.perf_counter(), time.process_time()
    for _ in range(steps):
        step()
    synchronize()
    elapsed = time.perf_counter() - clock, time.process_time() - processor
    print(*(seconds * 1e3 / steps for seconds in elapsed), flush=True)
