import type { HubMember } from "../../../core/domain/hub";
import type { HubEdge } from "./hubPaths";

interface Point {
  readonly x: number;
  readonly y: number;
}

export interface GraphNode extends Point {
  readonly member: HubMember;
  /** Where the name is written. */
  readonly label: Point & { readonly anchor: "start" | "middle" | "end" };
}

export interface GraphLine {
  readonly edge: HubEdge;
  readonly start: Point;
  readonly end: Point;
  readonly label: Point;
}

/** A hub as a drawing. */
export interface GraphLayout {
  readonly nodes: readonly GraphNode[];
  readonly lines: readonly GraphLine[];
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const SIDE = 110; // room for half a name
const NARROW_SIDE = 56;
const TOP = 44;
const NAME_GAP = 22;

/** Below this width names and words are cut short. */
export const NARROW_GRAPH = 480;

/** Members around a box, those the hub was frozen with on the left; edges straight between them. */
export function layoutGraph(
  members: readonly HubMember[],
  edges: readonly HubEdge[],
  { width, height }: Size,
): GraphLayout {
  const side = width < NARROW_GRAPH ? NARROW_SIDE : SIDE;
  const n = members.length;
  const first = n === 2 ? 180 : 180 + 180 / n;
  const angles = members.map((_, i) => ((first - (i * 360) / n) * Math.PI) / 180);
  const xs = spread(angles.map(Math.cos), side, width - side);
  const ys = spread(angles.map(Math.sin), TOP, height - TOP);
  const nodes = members.map((member, i): GraphNode => {
    const x = xs[i] ?? 0;
    const y = ys[i] ?? 0;
    const below = y > height / 2 - 10;
    return {
      ...{ member, x, y },
      label: { x, y: below ? y + NAME_GAP + 4 : y - NAME_GAP + 4, anchor: "middle" },
    };
  });
  const at = new Map(nodes.map((node, i) => [node.member.id, { ...node, i }]));
  const lines = edges.flatMap((edge): GraphLine[] => {
    const start = at.get(edge.from.id);
    const end = at.get(edge.to.id);
    if (!start || !end) return [];
    // Lines through the middle cross there: their words stand a little off it.
    const share = n % 2 === 0 && n > 2 && Math.abs(end.i - start.i) === n / 2 ? 0.34 : 0.5;
    const label = { x: mix(start.x, end.x, share), y: mix(start.y, end.y, share) };
    return [{ edge, start, end, label }];
  });
  return { nodes, lines };
}

/** Values moved and stretched to go from `low` to `high`; all in the middle if they are equal. */
function spread(values: readonly number[], low: number, high: number): readonly number[] {
  const least = Math.min(...values);
  const range = Math.max(...values) - least;
  if (range < 1e-9) return values.map(() => (low + high) / 2);
  return values.map((value) => low + ((value - least) / range) * (high - low));
}

const mix = (a: number, b: number, share: number) => a + (b - a) * share;

/** Corners of a modality's mark around the origin, in the chip's shapes; null: a circle. */
export function markPath(modality: HubMember["modality"], size: number): string | null {
  const r = size / 2;
  switch (modality) {
    case "text":
      return null;
    case "image":
      return `M${-r} ${-r}H${r}V${r}H${-r}Z`;
    case "audio":
      return `M0 ${-r}L${r} ${r}H${-r}Z`;
    case "sensor":
      return `M0 ${-r}L${r} 0L0 ${r}L${-r} 0Z`;
  }
}

const MOST_LETTERS = 22;
const NARROW_LETTERS = 14;

/** A name that fits beside a node of a graph so wide. */
export function shortName(name: string, width = NARROW_GRAPH): string {
  const most = width < NARROW_GRAPH ? NARROW_LETTERS : MOST_LETTERS;
  const letters = [...name];
  return letters.length <= most ? name : `${letters.slice(0, most - 1).join("")}…`;
}
