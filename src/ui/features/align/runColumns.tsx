import type { ReactNode } from "react";
import type { RetrievalPair } from "../../../core/domain/evaluation";
import { DIRECTION_NAMES, DIRECTIONS, type Direction } from "../../components/directions";
import { Estimate } from "../../components/Estimate";
import { formatCount, formatDate, formatDuration } from "../../components/formatting";
import type { SortValue } from "../../components/sorting";
import { MetricCell } from "./MetricCell";
import styles from "./RunsTable.module.css";
import { recallOf, reciprocalRankOf, type Metric, type RunFacts } from "./runFacts";

/** A column of the table of runs. */
export interface RunColumn {
  readonly id: string;
  /** Header on screen, under its group where it has one. */
  readonly words: string;
  readonly group?: Direction;
  readonly isNumber?: boolean;
  readonly value: (facts: RunFacts) => SortValue;
  readonly cell: (facts: RunFacts) => ReactNode;
  /** The same number of a baseline. */
  readonly baselineCell?: (test: RetrievalPair) => ReactNode;
}

/** Every column there is, in order; the name stands before them and is always shown. */
export function runColumns(ks: readonly string[]): readonly RunColumn[] {
  const metrics = DIRECTIONS.flatMap((direction) => metricColumns(direction, ks));
  return [METHOD_COLUMN, ...metrics, ...FACT_COLUMNS];
}

const text = (id: string, words: string, of: (facts: RunFacts) => string): RunColumn => ({
  id,
  words,
  value: of,
  cell: of,
});

const METHOD_COLUMN = text("method", "Method", ({ method }) => method);

// After the results: those are what one compares, and a screen is narrow.
const FACT_COLUMNS: readonly RunColumn[] = [
  {
    id: "zeroShot",
    words: "Zero-shot top 1",
    isNumber: true,
    value: ({ run }) => run.zeroShot?.top1.value ?? null,
    cell: ({ run }) => run.zeroShot && <Estimate estimate={run.zeroShot.top1} />,
  },
  {
    id: "data",
    words: "Training pairs",
    isNumber: true,
    value: ({ run }) => run.coverage?.pairs ?? (run.splits.train || null),
    cell: ({ data }) => data,
  },
  text("encoders", "Encoders", ({ encoders }) => encoders),
  {
    id: "seed",
    words: "Seed",
    isNumber: true,
    value: ({ run }) => run.recipe.align.seed,
    cell: ({ seeds }) => seeds,
  },
  text("sweep", "Sweep", ({ sweep }) => sweep),
  {
    id: "steps",
    words: "Steps",
    isNumber: true,
    value: ({ run }) => run.history.at(-1)?.step ?? null,
    cell: ({ run }) => {
      const last = run.history.at(-1);
      return last && formatCount(last.step); // a closed form takes none
    },
  },
  {
    id: "time",
    words: "Time",
    isNumber: true,
    value: ({ run }) => run.timings.alignMs || null,
    cell: ({ run }) => (run.timings.alignMs > 0 ? formatDuration(run.timings.alignMs) : ""),
  },
  {
    id: "created",
    words: "Created",
    value: ({ run }) => run.createdAt,
    cell: ({ run }) => formatDate(run.createdAt),
  },
  text("status", "Status", ({ status }) => status),
  {
    ...text("notes", "Notes", ({ run }) => run.notes),
    cell: ({ run: { notes } }) => (
      <span className={styles.clipped} title={notes} dir="auto">
        {notes}
      </span>
    ),
  },
];

function metricColumns(direction: Direction, ks: readonly string[]): RunColumn[] {
  return [
    {
      id: `${direction}.gallery`,
      words: "gallery",
      group: direction,
      isNumber: true,
      value: ({ run }) => run.test?.[direction].gallery ?? null,
      cell: ({ run }) => run.test && formatCount(run.test[direction].gallery),
      baselineCell: (test) => formatCount(test[direction].gallery),
    },
    ...ks.map((k): RunColumn => {
      const of = ({ run }: RunFacts) => recallOf(run, direction, k);
      return {
        ...metricColumn(`${direction}@${k}`, `@${k}`, of),
        group: direction,
        baselineCell: (test) => {
          const estimate = test[direction].recall[k];
          return estimate && <Estimate estimate={estimate} />;
        },
      };
    }),
    {
      ...metricColumn(`${direction}.mrr`, "MRR", ({ run }) => reciprocalRankOf(run, direction)),
      group: direction,
      baselineCell: (test) => (
        <MetricCell metric={{ kind: "plain", value: test[direction].meanReciprocalRank }} />
      ),
    },
  ];
}

function metricColumn(
  id: string,
  words: string,
  of: (facts: RunFacts) => Metric | null,
): RunColumn {
  return {
    id,
    words,
    isNumber: true,
    value: (facts) => of(facts)?.value ?? null,
    cell: (facts) => {
      const metric = of(facts);
      return metric && <MetricCell metric={metric} />;
    },
  };
}

/** What a column is called where its group is not in sight. */
export function columnName({ words, group }: RunColumn): string {
  return group ? `${DIRECTION_NAMES[group]} ${words}` : words;
}

/**
 * The columns shown unless the visitor chose otherwise: what every comparison needs, and what
 * differs between these runs.
 */
export function defaultColumns(runs: readonly RunFacts[], ks: readonly string[]): string[] {
  const differs = (of: (facts: RunFacts) => string) => new Set(runs.map(of)).size > 1;
  return [
    "method",
    "data",
    ...(differs(({ encoders }) => encoders) ? ["encoders"] : []),
    "seed",
    ...(runs.some(({ run }) => run.sweep) ? ["sweep"] : []),
    "steps",
    "time",
    "status",
    ...(runs.some(({ run }) => run.zeroShot) ? ["zeroShot"] : []),
    ...DIRECTIONS.flatMap((direction) => [
      ...ks.map((k) => `${direction}@${k}`),
      `${direction}.mrr`,
    ]),
  ];
}
