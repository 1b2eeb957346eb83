import type { Projector } from "../../core/domain/projector";
import { OnnxGraph, type OnnxFacts } from "../../core/formats/onnxModel";
import type { Pieces } from "../../core/formats/protobuf";
import { architectureOf, tensorOf } from "./architecture";

const SMALLEST_NORM = 1e-12; // ops/l2Normalize.ts
const SMALLEST_RELATIVE_NORM = 1e-30; // solvers/relativeRows.ts
const LARGEST_VALUE = 1_000; // ops/gatedProduct.ts

/**
 * A projector as an ONNX model: `embedding` [batch, D] → `projected` [batch, P], opset 17, the L2
 * norm inside. Every kind of projector has one.
 *
 * LayerNorm is spelled out with two passes over the row, because runtimes compute the variance of
 * the fused operator as E[x²] − E[x]², which loses digits where the mean is large.
 */
export function onnxProjector(
  projector: Projector,
  facts: Pick<OnnxFacts, "producer" | "version" | "notes">,
): Pieces {
  const graph = new OnnxGraph();
  const { modality, inputWidth, dimension } = projector;
  const input = { name: "embedding", shape: ["batch", inputWidth] };
  const output = { name: "projected", shape: ["batch", dimension] };
  if (projector.kind === "asif") writeRelative(graph, projector);
  else writeUnitRows(graph, projector, forward(graph, projector));
  return graph.model({ ...facts, name: `${modality}-projector`, inputs: [input], output });
}

/** Up to the L2 norm. */
function forward(graph: OnnxGraph, projector: Projector): string {
  const side: Side = { graph, projector, prefix: "" };
  switch (projector.kind) {
    case "linear":
      return matMul(side, graph.node("Sub", ["embedding", weights(side, "mean")]), "weight");
    case "layer-norm-linear":
      return dense(side, layerNorm(side, "embedding"), "input");
    case "freeze-align":
      return freezeAlign(side, "embedding");
    case "freeze-align-tokens": {
      const [cls, patches] = graph.halves("embedding");
      return graph.node("Add", [
        freezeAlign({ ...side, prefix: "cls." }, cls),
        freezeAlign({ ...side, prefix: "patches." }, patches),
      ]);
    }
    case "sail":
      return sail(side);
    case "low-rank":
      return lowRank(side);
    case "asif": // has its own nodes up to the end
    case "identity": // the encoder's own space
      return "embedding";
  }
}

interface Side {
  readonly graph: OnnxGraph;
  readonly projector: Projector;
  /** Before the names of the tensors: `cls.`. */
  readonly prefix: string;
}

function freezeAlign(side: Side, input: string): string {
  const { graph } = side;
  const [linear, hidden] = graph.halves(dense(side, layerNorm(side, input), "input"));
  return graph.node("Add", [linear, dense(side, gelu(graph, hidden), "hidden")]);
}

function sail(side: Side): string {
  const { graph } = side;
  const [gate, value] = graph.halves(dense(side, layerNorm(side, "embedding"), "input"));
  const clip = (name: string, low: number, high: number) =>
    graph.node("Clip", [name, graph.scalar("low", low), graph.scalar("high", high)]);
  const open = clip(gate, 0, 6);
  const kept = clip(value, -LARGEST_VALUE, LARGEST_VALUE);
  return dense(side, graph.node("Mul", [open, kept]), "output");
}

function lowRank(side: Side): string {
  const { graph } = side;
  const rows = standardized(graph, "embedding", side.projector.inputWidth);
  const down = gelu(graph, matMul(side, rows, "down.weight"));
  const branch = matMul(side, down, "up.weight");
  const open = graph.node("Sigmoid", [weights(side, "gate")]);
  const linear = matMul(side, rows, "linear.weight");
  return graph.node("Add", [linear, graph.node("Mul", [branch, open])]);
}

function layerNorm(side: Side, input: string): string {
  const { graph } = side;
  const gain = weights(side, "norm.gain");
  const width = tensorOf(side.projector, `${side.prefix}norm.gain`).data.length;
  const scaled = graph.node("Mul", [standardized(graph, input, width), gain]);
  return graph.node("Add", [scaled, weights(side, "norm.shift")]);
}

/** (x − mean) / √(variance + 1e-5) of every row. */
function standardized(graph: OnnxGraph, input: string, width: number): string {
  const rows = { attributes: { axes: [-1], keepdims: 1 } };
  const centred = graph.node("Sub", [input, graph.node("ReduceMean", [input], rows)]);
  const length = graph.node("ReduceL2", [centred], rows);
  // ‖x − mean‖² / D is the variance; as a norm, because runtimes would fuse the mean of a square.
  const scale = graph.scalar("root_width", Math.sqrt(width));
  const deviation = graph.node("Div", [length, scale]);
  const variance = graph.node("Mul", [deviation, deviation]);
  const safe = graph.node("Add", [variance, graph.scalar("epsilon", 1e-5)]);
  return graph.node("Div", [centred, graph.node("Sqrt", [safe])]);
}

/** x · ½ (1 + erf(x / √2)). */
function gelu(graph: OnnxGraph, input: string): string {
  const inner = graph.node("Mul", [input, graph.scalar("root_half", Math.SQRT1_2)]);
  const raised = graph.node("Add", [graph.node("Erf", [inner]), graph.scalar("one", 1)]);
  const distribution = graph.node("Mul", [raised, graph.scalar("half_of", 0.5)]);
  return graph.node("Mul", [input, distribution]);
}

/** The last nodes, which write `projected`. */
function writeUnitRows(graph: OnnxGraph, projector: Projector, input: string): void {
  const rows = { attributes: { axes: [-1], keepdims: 1 } };
  const norm = graph.node("ReduceL2", [input], rows);
  const safe = graph.node("Max", [norm, graph.scalar("smallest", SMALLEST_NORM)]);
  const scale = projector.tensors["outputScale"];
  const last = { name: "projected" };
  if (!scale) {
    graph.node("Div", [input, safe], last);
    return;
  }
  const unit = graph.node("Div", [input, safe]);
  graph.node("Mul", [unit, graph.floats("outputScale", scale.shape, scale.data)], last);
}

/**
 * ASIF's relative coordinates. From the cosines on in float64: captions of one picture are equal
 * anchors, which must stay equal however a runtime adds up, and 0.05^16 is no float32 once squared.
 */
function writeRelative(graph: OnnxGraph, projector: Projector): void {
  const { neighbours = 1, power = 1 } = architectureOf(projector);
  const side: Side = { graph, projector, prefix: "" };
  const cast = (name: string, to: "double" | "float") =>
    graph.node("Cast", [name], { attributes: { to: to === "float" ? 1 : 11 } });
  const centred = projector.tensors["mean"]
    ? graph.node("Sub", ["embedding", weights(side, "mean")])
    : "embedding";
  const rows = { attributes: { axes: [-1], keepdims: 1 } };
  const norm = graph.node("ReduceL2", [centred], rows);
  const unit = graph.node("Div", [
    centred,
    graph.node("Max", [norm, graph.scalar("smallest", SMALLEST_NORM)]),
  ]);
  const anchors = graph.node("Transpose", [weights(side, "anchors")], {
    attributes: { perm: [1, 0] },
  });
  const exact = graph.node("MatMul", [cast(unit, "double"), cast(anchors, "double")]);
  const cosines = cast(cast(exact, "float"), "double"); // float32 makes equal anchors equal again
  const zero = graph.scalar("zero", 0, "double");
  const positive = graph.node("Max", [cosines, zero]);
  const least = topValue(graph, positive, neighbours);
  const isKept = graph.node("And", [
    graph.node("GreaterOrEqual", [cosines, least]),
    graph.node("Greater", [cosines, zero]),
  ]);
  const raised = graph.node("Pow", [positive, graph.scalar("power", power, "double")]);
  const kept = graph.node("Where", [isKept, raised, zero]);
  const length = graph.node("Sqrt", [
    graph.node("ReduceSum", [graph.node("Mul", [kept, kept]), graph.integers("last_axis", [-1])]),
  ]);
  const safe = graph.node("Max", [
    length,
    graph.scalar("smallest_length", SMALLEST_RELATIVE_NORM, "double"),
  ]);
  graph.node("Cast", [graph.node("Div", [kept, safe])], {
    name: "projected",
    attributes: { to: 1 },
  });
}

/** The k-th largest value of every row, [batch, 1]. */
function topValue(graph: OnnxGraph, input: string, k: number): string {
  const best = graph.node("TopK", [input, graph.integers("neighbours", [k])], {
    outputs: 2,
    attributes: { axis: -1 },
  });
  return graph.node("ReduceMin", [best], { attributes: { axes: [-1], keepdims: 1 } });
}

function dense(side: Side, input: string, layer: string): string {
  const product = matMul(side, input, `${layer}.weight`);
  return side.graph.node("Add", [product, weights(side, `${layer}.bias`)]);
}

const matMul = (side: Side, input: string, name: string) =>
  side.graph.node("MatMul", [input, weights(side, name)]);

function weights({ graph, projector, prefix }: Side, name: string): string {
  const { shape, data } = tensorOf(projector, `${prefix}${name}`);
  return graph.floats(`${prefix}${name}`, shape, data);
}
