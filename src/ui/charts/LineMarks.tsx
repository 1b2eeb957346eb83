import type { LineChartMarks } from "./lineLayout";
import styles from "./LineChart.module.css";

interface LineMarksProps {
  readonly marks: LineChartMarks;
  readonly width: number;
  readonly height: number;
  /** What the chart shows, for those who do not see it. */
  readonly summary: string;
}

/** Draws the marks of a line chart, nothing else. */
export function LineMarks({ marks, width, height, summary }: LineMarksProps) {
  const { plot } = marks;
  return (
    <svg
      className={styles.chart}
      role="img"
      aria-label={summary}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
    >
      <g className={styles.grid}>
        {marks.yTicks.map(({ at }) => (
          <line key={at} x1={plot.left} x2={plot.right} y1={at} y2={at} />
        ))}
      </g>
      <g className={styles.ticks}>
        {marks.yTicks.map(({ at, label }) => (
          <text key={at} x={plot.left - 8} y={at} dy="0.32em" textAnchor="end">
            {label}
          </text>
        ))}
        {marks.xTicks.map(({ at, label }) => (
          <text key={at} x={at} y={plot.bottom + 17} textAnchor="middle">
            {label}
          </text>
        ))}
      </g>
      {marks.references.map(({ id, kind, y }) => (
        <line key={id} className={styles[kind]} x1={plot.left} x2={plot.right} y1={y} y2={y} />
      ))}
      {marks.bands.map(({ id, tone, path }) => (
        <path key={id} className={styles.band} data-tone={tone} d={path} />
      ))}
      {marks.rawLines.map(({ id, tone, path }) => (
        <path key={id} className={`${styles.line} ${styles.raw}`} data-tone={tone} d={path} />
      ))}
      {marks.lines.map(({ id, tone, path }) => (
        <path key={id} className={styles.line} data-tone={tone} d={path} />
      ))}
      {marks.dots.map(({ id, tone, x, y }) => (
        <circle key={`${id}/${x}`} className={styles.end} data-tone={tone} cx={x} cy={y} r={2.5} />
      ))}
      {marks.ends.map(({ id, tone, x, y }) =>
        tone === "image" ? (
          <rect
            key={id}
            className={styles.end}
            data-tone={tone}
            x={x - 4}
            y={y - 4}
            width={8}
            height={8}
          />
        ) : (
          <circle key={id} className={styles.end} data-tone={tone} cx={x} cy={y} r={4} />
        ),
      )}
      {marks.labels.map(({ id, tone, text, x, y, leader }) => (
        <g key={id}>
          {leader && <path className={styles.leader} d={leader} />}
          <text className={styles.label} data-tone={tone} x={x} y={y} dy="0.32em">
            {text}
          </text>
        </g>
      ))}
    </svg>
  );
}
