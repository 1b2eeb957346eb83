import type { HubMember, PathScore } from "../../../core/domain/hub";
import { chartFileName } from "../../charts/chartImage";
import { SaveChart } from "../../charts/SaveChart";
import { useWidth } from "../../charts/useWidth";
import { formatPercent } from "../../components/formatting";
import {
  layoutGraph,
  markPath,
  NARROW_GRAPH,
  shortName,
  type GraphLine,
  type GraphNode,
} from "./graphLayout";
import { graphSvg } from "./graphSvg";
import styles from "./HubGraph.module.css";
import { kindWords, mainK, type HubEdge } from "./hubPaths";

interface HubGraphProps {
  readonly name: string;
  readonly members: readonly HubMember[];
  readonly edges: readonly HubEdge[];
  /** By `from/to`. */
  readonly scores: ReadonlyMap<string, PathScore>;
  /** Id of the edge whose figures are shown. */
  readonly selected: string | undefined;
  readonly onSelect: (edge: HubEdge) => void;
}

const HEIGHT = 280;
const LOW = 140; // one line needs no more
const MARK = 18;

/** Members as marks, trained pairs as solid lines, emergent paths dashed with their hops. */
export function HubGraph({ name, members, edges, scores, selected, onSelect }: HubGraphProps) {
  const [frame, width] = useWidth(640);
  const height = members.length > 2 ? HEIGHT : LOW;
  const size = { width, height };
  const layout = layoutGraph(members, edges, size);
  const title = `Modalities of ${name}`;
  const edgesDrawn = layout.lines.map((line): EdgeProps => ({
    line,
    recall: meanOf(line.edge, scores),
    isNarrow: width < NARROW_GRAPH,
    isSelected: line.edge.id === selected,
    onSelect: () => onSelect(line.edge),
  }));
  return (
    <figure className="stack tight">
      <SaveChart
        name={title}
        fileName={chartFileName(title)}
        draw={() => graphSvg(layout, { title, ...size, scores })}
      />
      <div ref={frame} className={styles.frame} style={{ height }}>
        <svg width={width} height={height} role="group" aria-label={title}>
          {edgesDrawn.map((edge) => (
            <Edge key={edge.line.edge.id} {...edge} />
          ))}
          {edgesDrawn.map((edge) => (
            <EdgeWords key={edge.line.edge.id} {...edge} />
          ))}
          {layout.nodes.map((node) => (
            <Node key={node.member.id} node={node} width={width} />
          ))}
        </svg>
      </div>
      <figcaption className="quiet">
        Solid: pairs were trained on. Dashed: emergent, no pair was. Choose a line for its figures.
      </figcaption>
    </figure>
  );
}

interface EdgeProps {
  readonly line: GraphLine;
  /** `@10 45.2 %`, or empty. */
  readonly recall: string;
  /** Only the hops are written on it. */
  readonly isNarrow: boolean;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
}

function Edge({ line, recall, isSelected, onSelect }: EdgeProps) {
  const { edge, start, end } = line;
  const ends = { x1: start.x, y1: start.y, x2: end.x, y2: end.y };
  const words = kindWords(edge.hops);
  return (
    <g
      role="button"
      tabIndex={0}
      className={styles.edge}
      aria-pressed={isSelected}
      aria-label={`${edge.from.name} and ${edge.to.name}: ${words}${recall && `, recall${recall}`}`}
      onClick={onSelect}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        onSelect();
      }}
    >
      <line className={styles.target} {...ends} />
      <line className={edge.hops === 1 ? styles.trained : styles.emergent} {...ends} />
    </g>
  );
}

/** The words of an edge, above all lines; the edge itself says them aloud. */
function EdgeWords({ line, recall, isNarrow, isSelected, onSelect }: EdgeProps) {
  const { edge, label } = line;
  const words = kindWords(edge.hops);
  return (
    <g aria-hidden="true" className={styles.edge} data-selected={isSelected} onClick={onSelect}>
      <text className={styles.words} x={label.x} y={label.y - (recall ? 4 : -4)}>
        {isNarrow ? words.replace("emergent, ", "") : words}
      </text>
      {recall && (
        <text className={styles.words} x={label.x} y={label.y + 13}>
          {recall}
        </text>
      )}
    </g>
  );
}

function Node({ node, width }: { readonly node: GraphNode; readonly width: number }) {
  const { member, x, y, label } = node;
  const path = markPath(member.modality, MARK);
  const colour = styles[member.modality] ?? "";
  return (
    <g aria-hidden="true">
      {path ? (
        <path d={path} className={colour} transform={`translate(${x} ${y})`} />
      ) : (
        <circle cx={x} cy={y} r={MARK / 2} className={colour} />
      )}
      <text className={styles.name} x={label.x} y={label.y} textAnchor={label.anchor}>
        <title>{member.name}</title>
        {shortName(member.name, width)}
      </text>
    </g>
  );
}

/** Mean of both directions, as far as they are known. */
function meanOf({ from, to }: HubEdge, scores: ReadonlyMap<string, PathScore>): string {
  const known = [`${from.id}/${to.id}`, `${to.id}/${from.id}`].flatMap(
    (id) => scores.get(id) ?? [],
  );
  const [first] = known;
  if (!first) return "";
  const k = mainK(first);
  const values = known.map(({ result }) => result.recall[k]?.value ?? NaN);
  return `@${k} ${formatPercent(values.reduce((a, b) => a + b, 0) / values.length, 0)}`;
}
