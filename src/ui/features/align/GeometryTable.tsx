import type { Geometry } from "../../../core/domain/evaluation";
import type { AlignedModality } from "../../../core/domain/modality";
import { formatNumberOf } from "../../components/formatting";
import { ScrollTable } from "../../components/ScrollTable";
import styles from "./RunView.module.css";

interface GeometryTableProps {
  readonly geometry: Geometry;
  /** Width P of the shared space. */
  readonly dimension: number | null;
}

/** The shape of the shared space on the test pairs, each number with what it means. */
export function GeometryTable({ geometry, dimension }: GeometryTableProps) {
  return (
    <details className={styles.details}>
      <summary>Geometry of the shared space</summary>
      <ScrollTable label="Geometry" isOneLine className={styles.explained}>
        <thead>
          <tr>
            <th scope="col">Measure</th>
            <th scope="col" className="number">
              Value
            </th>
            <th scope="col">What it says</th>
            <th scope="col">Good is</th>
          </tr>
        </thead>
        <tbody>
          {geometryRows(geometry, dimension).map(({ name, value, says, good }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="number">{value}</td>
              <td>{says}</td>
              <td>{good}</td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      <p className="footnote">
        On {formatNumberOf(geometry.pairs, "test pair")}, unit vectors. These describe the space;
        only retrieval says how well it serves.
      </p>
    </details>
  );
}

type Sides = Readonly<Record<AlignedModality, number | null>>;

function geometryRows(geometry: Geometry, dimension: number | null) {
  const of = (value: number | null, digits = 2) => value?.toFixed(digits) ?? "not defined";
  const sides = ({ image, text }: Sides, digits = 2) =>
    `image ${of(image, digits)} · text ${of(text, digits)}`;
  const { hubness } = geometry;
  return [
    {
      name: "Modality gap",
      value: of(geometry.modalityGap),
      says: "Distance between the mean of the images and the mean of the captions, 0 to 2.",
      good: "Small, though a gap need not hurt ranking.",
    },
    {
      name: "Alignment",
      value: of(geometry.alignment),
      says: "Mean squared distance of the two sides of a pair, 0 to 4.",
      good: "Low: pairs lie together.",
    },
    {
      name: "Uniformity",
      value: sides(geometry.uniformity),
      says: "How evenly each side fills the sphere: 0 is collapsed, about −4 spread out.",
      good: "Low: items can be told apart.",
    },
    {
      name: "Cosine of true pairs",
      value: of(geometry.positiveCosine),
      says: "Mean cosine of the two sides of a pair.",
      good: "Well above that of wrong pairs.",
    },
    {
      name: "Cosine of wrong pairs",
      value: of(geometry.negativeCosine),
      says: "Mean cosine of items that do not belong together.",
      good: "Near 0.",
    },
    {
      name: "Separation",
      value: of(geometry.separation),
      says: "Distance of the two means above, in standard deviations of the cosines.",
      good: "High: above 2 the two hardly overlap.",
    },
    {
      name: "Effective rank",
      value: sides(geometry.effectiveRank, 0),
      says: `How many directions each side uses${dimension ? `, of ${dimension}` : ""}.`,
      good: "Far from 1, which is a collapse.",
    },
    {
      name: "Hubness",
      value: `image → text ${of(hubness.imageToText)} · text → image ${of(hubness.textToImage)}`,
      says: "Skewness of how often an item is among the ten nearest of a query.",
      good: "Near 0; above about 2, a few items crowd the results, and CSLS may help.",
    },
  ];
}
