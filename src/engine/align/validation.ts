import type { AlignmentData, PairTable } from "../../core/domain/alignmentData";
import type { Split } from "../../core/domain/dataset";
import type { RetrievalPair } from "../../core/domain/evaluation";
import { takeRows } from "../../core/math/matrix";

/** Only what one split needs: its items and its pairs, renumbered. */
export function splitData(data: AlignmentData, split: Split): AlignmentData {
  const { pairs } = data;
  const kept: number[] = [];
  for (let p = 0; p < pairs.length; p++) if (pairs.split[p] === split) kept.push(p);
  const image = renumber(kept, pairs.image);
  const text = renumber(kept, pairs.text);
  const table: PairTable = {
    length: kept.length,
    image: image.columns,
    text: text.columns,
    split: kept.map(() => split),
    component: Uint32Array.from(kept, (p) => pairs.component[p]!),
  };
  return {
    image: takeRows(data.image, image.rows),
    text: takeRows(data.text, text.rows),
    pairs: table,
  };
}

function renumber(kept: readonly number[], column: Uint32Array) {
  const numbers = new Map<number, number>();
  const columns = Uint32Array.from(kept, (p) => {
    const row = column[p]!;
    if (!numbers.has(row)) numbers.set(row, numbers.size);
    return numbers.get(row)!;
  });
  return { rows: [...numbers.keys()], columns };
}

/** The score checkpoints are chosen by: mean recall@1 of both directions, in [0, 1]. */
export function selectionScore({ imageToText, textToImage }: RetrievalPair): number {
  return (firstRecall(imageToText.recall) + firstRecall(textToImage.recall)) / 2;
}

// Recall at the smallest k evaluated: recall@1 unless the recipe leaves it out.
function firstRecall(recall: RetrievalPair["imageToText"]["recall"]): number {
  const smallest = Math.min(...Object.keys(recall).map(Number));
  return recall[String(smallest)]!.value;
}
