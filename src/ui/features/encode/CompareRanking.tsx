import { useState } from "react";
import { Encoding } from "../../../app/encoding";
import { isActive } from "../../../app/jobs";
import { useJob, useServices } from "../../../app/services";
import type { ComparedSet, Comparison, SimilarityMeasure } from "../../../core/domain/comparison";
import { isSameChoice } from "../../../core/domain/encoder";
import { formatNumberOf } from "../../components/formatting";
import { useProject } from "../../components/projectContext";
import { Term } from "../../components/Term";
import { ScrollTable } from "../../components/ScrollTable";
import { formatSimilarity, MEASURE_NAMES, rankCells } from "./compareWords";

const SHOWN = 5;

interface CompareRankingProps {
  readonly comparison: Comparison;
  readonly measure: SimilarityMeasure;
}

/** Pairs of embeddings, best first, each one click from being the pair that Align trains on. */
export function CompareRanking({ comparison, measure }: CompareRankingProps) {
  const [isWhole, setIsWhole] = useState(false);
  const ranked = rankCells(comparison, measure);
  const shown = isWhole ? ranked : ranked.slice(0, SHOWN);
  return (
    <div>
      <ScrollTable
        label="Ranked pairs"
        caption={<>Best first by {MEASURE_NAMES[measure]}</>}
        isOneLine
      >
        <thead>
          <tr>
            <th scope="col">Image embedding</th>
            <th scope="col">Text embedding</th>
            <th scope="col" className="number">
              mutual kNN
            </th>
            <th scope="col" className="number">
              unbiased CKA
            </th>
            <th scope="col" className="number">
              <Term explanation="0 where the pair is no better than the best 5 % of shuffles of its own rows, 1 where it could not be better. Comparable between embeddings of different widths.">
                calibrated
              </Term>
            </th>
            <th scope="col" className="number">
              <Term explanation="Share of shuffles in which the best of all compared pairs reaches this value: how likely so good a pair is to be luck after looking at all of them.">
                p of the best
              </Term>
            </th>
            <th scope="col">
              <span className="visually-hidden">Use</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((cell) => (
            <Row key={cell} {...{ comparison, measure, cell }} />
          ))}
        </tbody>
      </ScrollTable>
      {ranked.length > SHOWN && (
        <button type="button" className="button quiet" onClick={() => setIsWhole(!isWhole)}>
          {isWhole ? "Show the best only" : `Show all ${formatNumberOf(ranked.length, "pair")}`}
        </button>
      )}
    </div>
  );
}

function Row({ comparison, measure, cell }: CompareRankingProps & { readonly cell: number }) {
  const { image, text } = comparison.sets;
  const [a, b] = [image[Math.floor(cell / text.length)], text[cell % text.length]];
  const scores = comparison.cells[cell];
  if (!a || !b || !scores) return null;
  const { calibrated, familyP } = scores[measure];
  return (
    <tr>
      <th scope="row">{a.name}</th>
      <td>{b.name}</td>
      <td className="number">{formatSimilarity(scores.mutualKnn.value)}</td>
      <td className="number">{formatSimilarity(scores.cka.value)}</td>
      <td className="number">{formatSimilarity(calibrated)}</td>
      <td className="number">{formatSimilarity(familyP)}</td>
      <td>
        <UseButton image={a} text={b} />
      </td>
    </tr>
  );
}

function UseButton({ image, text }: { readonly image: ComparedSet; readonly text: ComparedSet }) {
  const { projects } = useServices();
  const { project, canEdit } = useProject();
  const encodings = [
    useJob(Encoding.job(project.id, "image")),
    useJob(Encoding.job(project.id, "text")),
  ];
  const isUsed =
    isSameChoice(project.encoders.image, image.choice) &&
    isSameChoice(project.encoders.text, text.choice);
  if (isUsed) return <span>chosen</span>;
  return (
    <button
      type="button"
      className="button"
      disabled={!canEdit || encodings.some(isActive)}
      aria-label={`Use ${image.name} with ${text.name}`}
      onClick={() =>
        void projects.update(project.id, {
          encoders: { image: image.choice, text: text.choice },
        })
      }
    >
      Use this pair
    </button>
  );
}
