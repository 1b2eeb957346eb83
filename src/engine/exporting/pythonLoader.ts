/**
 * `load_aligned.py`: the exported projectors in Python, with numpy and safetensors alone, in at most
 * 40 lines. It computes in float64 and raises on an architecture, or a field of one, that it does
 * not know.
 */
export const LOAD_ALIGNED = `"""Embeddings of the two frozen encoders into their shared space; needs numpy and safetensors."""
import json, math
import numpy as np
from safetensors.numpy import load_file

FIELDS = set("modality encoder head input_dim output_dim layers layernorm_eps activation normalize "
             "output_scale neighbours power".split())
erf = np.vectorize(math.erf, otypes=[np.float64])
gelu = lambda x: x * 0.5 * (1 + erf(x / math.sqrt(2)))
unit = lambda x, least=1e-12: x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), least)
dense = lambda x, w, name: x @ w[name + ".weight"].T + w.get(name + ".bias", 0)
part = lambda w, start: {k[len(start):]: v for k, v in w.items() if k.startswith(start)}
def norm(x, w, c):
    x = (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + c["layernorm_eps"])
    return x * w.get("norm.weight", 1) + w.get("norm.bias", 0)
def residual(x, w, c):
    h = norm(x, w, c)
    branch = dense(gelu(dense(h, w, "layers.0")), w, "layers.1")
    return dense(h, w, "skip") + branch * (1 / (1 + np.exp(-w["gate"])) if "gate" in w else 1)
def halves(x, w, c):
    return sum(residual(h, part(w, p), c) for h, p in zip(np.split(x, 2, 1), ("cls.", "patches.")))
def sail(x, w, c):
    gate, value = (dense(norm(x, w, c), w, name) for name in ("gate", "layers.0"))
    return dense(np.clip(gate, 0, 6) * np.clip(value, -1000, 1000), w, "layers.1")
def asif(x, w, c):  # cosines in float32: equal anchors stay equal, however a library adds up
    cos = (unit(x - w.get("mean", 0)) @ w["anchors"].T).astype(np.float32).astype(np.float64)
    kept = (cos > 0) & (cos >= np.sort(cos, axis=1)[:, [-c["neighbours"]]])
    return unit(np.where(kept, np.abs(cos) ** c["power"], 0), 1e-30)
FORMS = {("identity", "none", 0): lambda x, w, c: x, ("asif", "power", 0): asif,
         ("linear", "none", 1): lambda x, w, c: dense(x - w["mean"], w, "layers.0"),
         ("layer-norm-linear", "none", 1): lambda x, w, c: dense(norm(x, w, c), w, "layers.0"),
         ("freeze-align", "gelu", 2): residual, ("low-rank", "gelu", 2): residual,
         ("freeze-align-tokens", "gelu", 2): halves, ("sail", "relu6-gate", 2): sail}
def load(side, folder="."):  # [n, input_dim] -> [n, output_dim], L2-normalised
    c = json.load(open(f"{folder}/config.json", encoding="utf-8"))[side]
    form = FORMS.get((c["head"], c["activation"], c["layers"]))
    if not form or set(c) - FIELDS or not c["normalize"]: raise ValueError(f"unknown architecture: {c}")
    w = {k: v.astype(np.float64) for k, v in load_file(f"{folder}/projector_{side}.safetensors").items()}
    scale = w["output_scale"] if c["output_scale"] else 1
    return lambda x: (unit(form(np.asarray(x, np.float64), w, c)) * scale).astype(np.float32)
`;
