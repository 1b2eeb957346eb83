"""Checks exported model folders the way a stranger would: numpy, safetensors, onnxruntime, onnx.

    python check_export.py FOLDER...

Prints one JSON line per folder with the largest |Δ| to the browser's vectors; exits 1 when one is
above 1e-5, a digest is wrong, or an unknown architecture is loaded without complaint.
"""
import copy
import hashlib
import importlib.util
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from safetensors.numpy import load_file

TOLERANCE = 1e-5


def loader(folder):
    spec = importlib.util.spec_from_file_location("load_aligned", folder / "load_aligned.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.load


def check_manifest(folder):
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    listed = {entry["path"] for entry in manifest["files"]}
    found = {str(p.relative_to(folder).as_posix()) for p in folder.rglob("*") if p.is_file()}
    assert found - {"manifest.json"} - {p for p in found if "__pycache__" in p} == listed, found ^ listed
    for entry in manifest["files"]:
        data = (folder / entry["path"]).read_bytes()
        assert len(data) == entry["bytes"], entry
        assert hashlib.sha256(data).hexdigest() == entry["sha256"], entry


def check_side(folder, side, config, parity):
    inputs = np.array(parity[side]["inputs"], dtype=np.float32)
    expected = np.array(parity[side]["projected"], dtype=np.float32)
    by_numpy = loader(folder)(side, str(folder))(inputs)
    model = onnx.load(str(folder / f"projector_{side}.onnx"))
    onnx.checker.check_model(model, full_check=True)
    assert [entry.version for entry in model.opset_import] == [17]
    session = onnxruntime.InferenceSession(
        str(folder / f"projector_{side}.onnx"), providers=["CPUExecutionProvider"]
    )
    by_onnx = session.run(None, {"embedding": inputs})[0]
    assert by_numpy.shape == by_onnx.shape == (8, config[side]["output_dim"])
    for name, tensor in load_file(str(folder / f"projector_{side}.safetensors")).items():
        assert np.isfinite(tensor).all(), name
    if not config[side]["output_scale"]:
        norms = np.linalg.norm(by_onnx, axis=1)
        assert np.all((np.abs(norms - 1) < 1e-5) | (norms == 0)), norms
    return [float(np.abs(found - expected).max()) for found in (by_numpy, by_onnx)]


def refuses_unknown(folder, config):
    """An altered field must raise, never be ignored."""
    load = loader(folder)
    changes = {"head": "mystery", "activation": "swish", "layers": 7, "residual": True, "normalize": False}
    for field, value in changes.items():
        altered = copy.deepcopy(config)
        altered["a"][field] = value
        with tempfile.TemporaryDirectory() as other:
            Path(other, "config.json").write_text(json.dumps(altered), "utf-8")
            name = "projector_a.safetensors"
            Path(other, name).write_bytes((folder / name).read_bytes())
            try:
                load("a", other)
            except ValueError:
                continue
            raise AssertionError(f"loaded {field} = {value!r} without complaint")


def check_embeddings(folder, config):
    if not (folder / "embeddings").exists():
        return None
    a = np.load(folder / "embeddings" / "a.npy")
    assert a.dtype == np.float32 and a.shape[1] == config["a"]["input_dim"]
    return list(a.shape)


def check(folder):
    config = json.loads((folder / "config.json").read_text("utf-8"))
    parity = json.loads((folder / "parity.json").read_text("utf-8"))
    check_manifest(folder)
    refuses_unknown(folder, config)
    sides = [check_side(folder, side, config, parity) for side in ("a", "b")]
    return {
        "head": config["a"]["head"],
        "numpy": max(by_numpy for by_numpy, _ in sides),
        "onnxruntime": max(by_onnx for _, by_onnx in sides),
        "embeddings": check_embeddings(folder, config),
    }


def main():
    sys.dont_write_bytecode = True
    worst = 0.0
    for name in sys.argv[1:]:
        result = check(Path(name))
        print(json.dumps({"folder": Path(name).name, **result}), flush=True)
        worst = max(worst, result["numpy"], result["onnxruntime"])
    sys.exit(0 if worst <= TOLERANCE else 1)


if __name__ == "__main__":
    main()
