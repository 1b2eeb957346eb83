import { attributesOf, FILE_COLOURS, svgPage, svgText, type ChartFile } from "../../charts/svgPage";
import type { PathScore } from "../../../core/domain/hub";
import { formatCount } from "../../components/formatting";
import { markPath, shortName, type GraphLayout } from "./graphLayout";
import { kindWords, recallWords } from "./hubPaths";

interface GraphFileOptions {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  /** By `from/to`. */
  readonly scores: ReadonlyMap<string, PathScore>;
}

/** The graph as a file of its own, with every measured recall below it. */
export function graphSvg(
  { nodes, lines }: GraphLayout,
  { title, width, height, scores }: GraphFileOptions,
): ChartFile {
  const marks = [
    ...lines.map(({ edge, start, end }) => {
      const dash = edge.hops === 1 ? {} : { "stroke-dasharray": "5 5" };
      const ends = { x1: start.x, y1: start.y, x2: end.x, y2: end.y };
      return `<line${attributesOf({ ...ends, stroke: FILE_COLOURS.lineStrong, ...dash })}/>`;
    }),
    ...lines.map(({ edge, label }) =>
      svgText(kindWords(edge.hops), {
        ...{ x: label.x, y: label.y + 4, "text-anchor": "middle", fill: FILE_COLOURS.ink },
        ...{ stroke: FILE_COLOURS.paper, "stroke-width": 5, "paint-order": "stroke" },
      }),
    ),
    ...nodes.flatMap(({ member, x, y, label }) => {
      const fill = FILE_COLOURS[member.modality];
      const path = markPath(member.modality, 18);
      const mark = path
        ? `<path${attributesOf({ d: path, fill, transform: `translate(${x} ${y})` })}/>`
        : `<circle${attributesOf({ cx: x, cy: y, r: 9, fill })}/>`;
      const where = { x: label.x, y: label.y, "text-anchor": label.anchor };
      return [mark, svgText(shortName(member.name), { ...where, fill: FILE_COLOURS.ink })];
    }),
  ];
  const names = new Map(nodes.map(({ member }) => [member.id, member.name]));
  const notes = [...scores.values()]
    .filter(({ from, to }) => names.has(from) && names.has(to))
    .map(
      (score) =>
        `${names.get(score.from) ?? ""} → ${names.get(score.to) ?? ""} (${kindWords(score.hops)}): ` +
        `${recallWords(score)}, ${formatCount(score.result.queries)} held-out queries in a ` +
        `gallery of ${formatCount(score.result.gallery)}.`,
    );
  const lead = "Solid: pairs were trained on. Dashed: emergent, no pair was.";
  return svgPage({ title, lines: [lead, ...notes] }, { svg: marks.join("\n"), width, height });
}
