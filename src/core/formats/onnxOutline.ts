import { AppError } from "../errors";
import { textOfBytes } from "./bytesText";

/** What is read of an ONNX file without running it. */
export interface OnnxOutline {
  readonly producer: string;
  /** Version of the standard operators; null where the file names none. */
  readonly opset: number | null;
  /** Nodes of the graph, its subgraphs and functions. */
  readonly nodes: number;
  /** Names of the files that hold weights outside, as the model writes them. */
  readonly externalFiles: readonly string[];
}

/** The largest vision transformers have some 4,000 nodes; more than this is not an encoder. */
const MAX_NODES = 50_000;
/** Loops within loops: real files nest one or two deep. */
const MAX_DEPTH = 16;

/**
 * Outline of an ONNX file: a walk over its protobuf fields that never reads past a field's end and
 * never copies weights. Field numbers are those of onnx.proto3 (IR version 13).
 *
 * @throws AppError `encoder/unsupported` for anything that is not a well-formed ONNX model.
 */
export function readOnnxOutline(bytes: Uint8Array): OnnxOutline {
  const outline: Outline = { producer: "", opset: null, nodes: 0, externalFiles: new Set() };
  let graphs = 0;
  for (const field of fieldsOf(bytes, 0, bytes.length)) {
    if (field.id === 2 && field.wire === BYTES) outline.producer = textOf(bytes, field);
    else if (field.id === 7) {
      graphs++;
      readGraph(bytes, messageIn(field), outline, 0);
    } else if (field.id === 8) readOpset(bytes, messageIn(field), outline);
    else if (field.id === 25) readFunction(bytes, messageIn(field), outline);
  }
  if (graphs === 0) refuse("it holds no graph, so it is not an ONNX model");
  return { ...outline, externalFiles: [...outline.externalFiles] };
}

interface Outline {
  producer: string;
  opset: number | null;
  nodes: number;
  readonly externalFiles: Set<string>;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface Field extends Span {
  readonly id: number;
  readonly wire: number;
  /** Of a number. */
  readonly value: number;
}

const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;

function readGraph(bytes: Uint8Array, graph: Span, outline: Outline, depth: number): void {
  if (depth > MAX_DEPTH) refuse(`graphs are nested more than ${MAX_DEPTH} deep`);
  for (const field of fieldsOf(bytes, graph.start, graph.end)) {
    if (field.id === 1) readNode(bytes, messageIn(field), outline, depth);
    else if (field.id === 5) readTensor(bytes, messageIn(field), outline);
  }
}

function readFunction(bytes: Uint8Array, span: Span, outline: Outline): void {
  for (const field of fieldsOf(bytes, span.start, span.end)) {
    if (field.id === 7) readNode(bytes, messageIn(field), outline, 0);
  }
}

function readNode(bytes: Uint8Array, node: Span, outline: Outline, depth: number): void {
  if (++outline.nodes > MAX_NODES) refuse(`it has more than ${MAX_NODES} nodes`);
  for (const field of fieldsOf(bytes, node.start, node.end)) {
    if (field.id !== 5) continue;
    const attribute = messageIn(field);
    for (const part of fieldsOf(bytes, attribute.start, attribute.end)) {
      if (part.id === 6 || part.id === 11) readGraph(bytes, messageIn(part), outline, depth + 1);
      else if (part.id === 5 || part.id === 10) readTensor(bytes, messageIn(part), outline);
    }
  }
}

/** Only where the weights lie: `external_data` with the key `location`. */
function readTensor(bytes: Uint8Array, tensor: Span, outline: Outline): void {
  for (const field of fieldsOf(bytes, tensor.start, tensor.end)) {
    if (field.id !== 13) continue;
    const entry = messageIn(field);
    let key = "";
    let value = "";
    for (const part of fieldsOf(bytes, entry.start, entry.end)) {
      if (part.id === 1) key = textOf(bytes, messageIn(part));
      if (part.id === 2) value = textOf(bytes, messageIn(part));
    }
    if (key === "location") outline.externalFiles.add(value);
  }
}

function readOpset(bytes: Uint8Array, opset: Span, outline: Outline): void {
  let domain = "";
  let version: number | null = null;
  for (const field of fieldsOf(bytes, opset.start, opset.end)) {
    if (field.id === 1) domain = textOf(bytes, messageIn(field));
    if (field.id === 2 && field.wire === VARINT) version = field.value;
  }
  if (domain === "" || domain === "ai.onnx") outline.opset = version;
}

function* fieldsOf(bytes: Uint8Array, start: number, end: number): Generator<Field> {
  let at = start;
  while (at < end) {
    const tag = readVarint(bytes, at, end);
    const [id, wire] = [Math.floor(tag.value / 8), tag.value % 8];
    if (id === 0) refuse("a field has no number");
    const field = { id, wire, ...readSpan(bytes, { wire, at: tag.end, end }) };
    at = field.end;
    yield field;
  }
}

interface Place {
  readonly wire: number;
  readonly at: number;
  readonly end: number;
}

function readSpan(bytes: Uint8Array, { wire, at, end }: Place): Span & { readonly value: number } {
  if (wire === VARINT) {
    const number = readVarint(bytes, at, end);
    return { start: at, end: number.end, value: number.value };
  }
  const head = wire === BYTES ? readVarint(bytes, at, end) : { value: fixedSize(wire), end: at };
  const stop = head.end + head.value;
  if (!(stop <= end)) refuse("it ends in the middle");
  return { start: head.end, end: stop, value: 0 };
}

function fixedSize(wire: number): number {
  if (wire === FIXED_64) return 8;
  if (wire === FIXED_32) return 4;
  return refuse(`a field has the unknown kind ${wire}`);
}

/** At most ten bytes; beyond 2^53 the value is inexact, which no size of ours reaches. */
function readVarint(bytes: Uint8Array, start: number, end: number) {
  let value = 0;
  for (let at = start, scale = 1; at < end && at < start + 10; at++, scale *= 128) {
    const byte = bytes[at]!;
    value += (byte & 127) * scale;
    if (byte < 128) return { value, end: at + 1 };
  }
  return refuse("it ends in the middle");
}

function messageIn(field: Field): Span {
  return field.wire === BYTES ? field : refuse(`field ${field.id} is not what ONNX says`);
}

/** A file name or producer; longer texts are not worth showing. */
function textOf(bytes: Uint8Array, { start, end }: Span): string {
  return textOfBytes(bytes.subarray(start, Math.min(end, start + 512)));
}

function refuse(why: string): never {
  throw new AppError("encoder/unsupported", `not a readable ONNX file: ${why}`);
}
