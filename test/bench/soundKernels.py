"""Recall of the shipped sound encoder by ridge to text, as docs/random-kernels.md prints it.

python test/fixtures/decodeSpoken.py public/samples/spoken-emoji.zip FOLDER
python test/bench/soundKernels.py FOLDER REFERENCE_EMBEDDINGS    (numpy, soundfile, onnxruntime)

REFERENCE_EMBEDDINGS: text_emb/text_emb_0.npy and metadata/metadata_0.csv of the emoji sample.
"""

import csv
import pathlib
import sys

import numpy as np
import onnxruntime
import soundfile

FOLDER, REFERENCE = map(pathlib.Path, sys.argv[1:3])
MODEL = pathlib.Path(__file__).parents[2] / "public/models/random-kernels/model.w8.onnx"
ROWS = list(csv.DictReader((FOLDER / "metadata.csv").open(encoding="utf8")))
TEXT = np.array([row["text"] for row in ROWS])
SPLIT = np.array([row["split"] for row in ROWS])
LAMBDAS = (1, 3, 10, 30, 100, 300, 1000, 3000, 10000)


def filters():
    mel = lambda hz: 2595 * np.log10(1 + hz / 700)
    corners = 700 * (10 ** (np.linspace(mel(60), mel(7600), 42) / 2595) - 1)
    hz = np.arange(257) * 16000 / 512
    up = (hz - corners[:-2, None]) / np.diff(corners)[:-1, None]
    down = (corners[2:, None] - hz) / np.diff(corners)[1:, None]
    return np.maximum(0, np.minimum(up, down))


FILTERS = filters()
HANN = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 400)


def log_mel(samples):
    frames = np.lib.stride_tricks.sliding_window_view(samples, 400)[::160] * HANN
    return np.log(np.abs(np.fft.rfft(frames, 512)) ** 2 @ FILTERS.T + 1e-6).T


def standardise(bands):
    deviation = bands.std(1, keepdims=True)
    scaled = (bands - bands.mean(1, keepdims=True)) / np.maximum(deviation, 1e-3)
    return np.where(deviation < 1e-3, 0, scaled).astype(np.float32)


def captions():
    vectors = np.load(REFERENCE / "text_emb/text_emb_0.npy").astype(float)
    table = csv.DictReader((REFERENCE / "metadata/metadata_0.csv").open(encoding="utf8"))
    first = {}
    for i, row in enumerate(table):
        first.setdefault(row["caption"], i)
    rows = vectors[[first[text] for text in TEXT]]
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


Y = captions()


def ranks(predicted, rows):
    """Of each clip's name among the names of its rows; ties count against it."""
    names, own = np.unique(TEXT[rows], return_inverse=True)
    gallery = np.stack([Y[np.flatnonzero(TEXT == name)[0]] for name in names])
    scores = predicted / np.linalg.norm(predicted, axis=1, keepdims=True) @ gallery.T
    return (scores >= scores[np.arange(len(rows)), own][:, None]).sum(1) - 1


def recalls(ranked):
    return [100 * np.mean(ranked < k) for k in (1, 5, 10)]


def fit_predict(kernel, train, rows, targets, lam):
    values, vectors = np.linalg.eigh(kernel[np.ix_(train, train)])
    inner = vectors.T @ (targets - targets.mean(0)) / (values + lam)[:, None]
    return kernel[np.ix_(rows, train)] @ vectors @ inner


def report(name, features, standardised, shuffle=None):
    train = np.flatnonzero(SPLIT == "train")
    features = features - features[train].mean(0)
    if standardised:
        features = features / (features[train].std(0) + 1e-9)
    kernel = features @ features.T * 1000 / features.shape[1]
    names = np.unique(TEXT[train])
    fold = dict(zip(np.random.default_rng(7).permutation(names), np.arange(len(names)) % 10))
    folds = np.array([fold[text] for text in TEXT[train]])
    best = None
    for lam in LAMBDAS:
        found = np.zeros(len(train))
        for k in range(10):
            seen, left = train[folds != k], train[folds == k]
            found[folds == k] = ranks(fit_predict(kernel, seen, left, Y[seen], lam), left)
        if best is None or np.mean(recalls(found)) > np.mean(best[1]):
            best = lam, recalls(found)
    targets = Y[train]
    if shuffle is not None:
        other = dict(zip(names, np.random.default_rng(shuffle).permutation(names)))
        by_name = {text: y for text, y in zip(TEXT[train], targets)}
        targets = np.stack([by_name[other[text]] for text in TEXT[train]])
    cells = [best[1]]
    for split in ("validation", "test"):
        rows = np.flatnonzero(SPLIT == split)
        cells.append(recalls(ranks(fit_predict(kernel, train, rows, targets, best[0]), rows)))
    print(name, "| " + " | ".join(" / ".join(f"{value:.0f}" for value in cell) for cell in cells))


clips = [soundfile.read(FOLDER / row["file_name"].replace(".ogg", ".wav"))[0] for row in ROWS]
bands = [log_mel(clip) for clip in clips]
session = onnxruntime.InferenceSession(MODEL)
embedded = np.concatenate(
    [
        session.run(
            None,
            {"features": standardise(band)[None], "lengths": np.array([band.shape[1]])},
        )[0]
        for band in bands
    ]
).astype(float)
report("mean log-mel", np.stack([band.mean(1) for band in bands]), True)
report(
    "mean and deviation",
    np.stack([np.r_[band.mean(1), band.std(1)] for band in bands]),
    True,
)
report("shipped file", embedded, False)
for seed in range(3):
    report(f"shuffled {seed}", embedded, False, shuffle=seed)
