/** The lines of Python that use an exported folder, run inside it; five at most. */
export const PYTHON_LINES = {
  numpy: `import numpy as np
from load_aligned import load
image, text = load("a"), load("b")    # embeddings of the named encoders in, unit vectors out
scores = text(text_embeddings) @ image(image_embeddings).T    # [texts, images]
best = np.argsort(-scores, axis=1)[:, :10]    # the ten best pictures of every text`,
  onnx: `import onnxruntime as ort
image, text = ort.InferenceSession("projector_a.onnx"), ort.InferenceSession("projector_b.onnx")
scores = text.run(None, {"embedding": text_embeddings})[0] @ image.run(None, {"embedding": image_embeddings})[0].T`,
} as const;
