import { chartFileName } from "./chartImage";
import { lineChartSvg } from "./lineSvg";
import { SaveChart } from "./SaveChart";
import { layoutLineChart, type LineChartData } from "./lineLayout";
import { LineMarks } from "./LineMarks";
import { ScrollTable } from "../components/ScrollTable";
import styles from "./LineChart.module.css";
import { useWidth } from "./useWidth";

interface LineChartProps {
  readonly data: LineChartData;
  readonly height: number;
  /** What the chart shows, in a sentence with numbers. */
  readonly summary: string;
  /** Caption above the chart. */
  readonly title: string;
  /** Name of the x axis, also in the table. */
  readonly xLabel: string;
  /** Room for direct labels at the right, when there is width for it; 12 leaves them out. */
  readonly labelWidth: number;
  /**
   * What the saved chart says below itself, a line each: how many were measured, chance, interval,
   * run, date.
   */
  readonly about?: readonly string[];
}

const NARROW = 480;
const TABLE_ROWS = 200; // more is for the file, not for the screen

/** A line chart with direct labels that follows its container's width, and its table. */
export function LineChart(props: LineChartProps) {
  const { data, height, summary, title, xLabel, labelWidth, about = [] } = props;
  const [frame, width] = useWidth(640);
  const labels = width < NARROW ? Math.min(labelWidth, 136) : labelWidth;
  const marks = layoutLineChart(data, { width, height, labelWidth: labels });
  return (
    <figure className={styles.figure}>
      <figcaption>{title}</figcaption>
      <SaveChart
        name={title}
        fileName={chartFileName(title)}
        draw={() => lineChartSvg(data, { caption: { title, lines: about }, xLabel, labelWidth })}
      />
      <div ref={frame} className={styles.frame} style={{ height }}>
        <LineMarks marks={marks} width={width} height={height} summary={summary} />
      </div>
      <details className={styles.table}>
        <summary>Table</summary>
        <ChartTable data={data} title={title} xLabel={xLabel} />
      </details>
    </figure>
  );
}

function ChartTable({ data, title, xLabel }: Pick<LineChartProps, "data" | "title" | "xLabel">) {
  const steps = [...new Set(data.series.flatMap(({ points }) => points.map(({ x }) => x)))];
  const shown = steps.sort((a, b) => a - b).slice(-TABLE_ROWS);
  const values = data.series.map(({ points }) => new Map(points.map((point) => [point.x, point])));
  return (
    <ScrollTable label={`Table: ${title}`} isTall>
      <thead>
        <tr>
          <th scope="col">{xLabel}</th>
          {data.series.map(({ id, label }) => (
            <th scope="col" key={id}>
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {shown.map((x) => (
          <tr key={x}>
            <th scope="row">{data.formatX(x)}</th>
            {values.map((points, i) => {
              const y = points.get(x)?.y;
              return <td key={data.series[i]!.id}>{y === undefined ? "" : data.formatY(y)}</td>;
            })}
          </tr>
        ))}
        {data.references.map(({ id, label, y }) => (
          <tr key={id}>
            <th scope="row">{label}</th>
            <td colSpan={data.series.length}>{data.formatY(y)}</td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
