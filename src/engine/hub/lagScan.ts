import type { LagRequest, LagScan } from "../../core/domain/hubQuery";
import { ckaAgreement } from "../../core/metrics/ckaLagAgreement";
import { cosineAgreement } from "../../core/metrics/lagAgreement";
import { checkLag, scanLags } from "../../core/metrics/lagScan";
import { breathe } from "../align/breathe";
import { throttleProgress } from "../throttleProgress";
import type { HubSpace } from "./hubSpace";
import { loadStream, momentsOf, openEnd } from "./lagStreams";
import type { GalleryStores } from "./memberGallery";
import type { MeasureContext } from "./missingTable";

/** Moments compared at most; of longer streams those in the middle. */
const MOST_MOMENTS = 1_000_000; // two streams of 34 columns with their spectra: 0.6 GB

/** Of the progress: reading either stream, and comparing them; the rest is for what chance gives. */
const READING = 0.15;
const COMPARING = 0.15;

/**
 * Alignment of two streams by the offset between them. Time is the order of the rows of a project:
 * two streams of one project stand side by side where a row has both, else, and across projects,
 * the first row of either is the first moment. A row that is excluded or not encoded leaves a gap.
 *
 * @param space the hub whose members are asked for; null where encoded items of projects are.
 * @throws AppError `data/too-few` as `scanLags`, `query/sources` for a stream without a member
 *   where the shared space is asked for, `embeddings/missing`, `data/non-finite`, `cancelled`.
 */
export async function lagScan(
  stores: GalleryStores,
  space: HubSpace | null,
  request: Omit<LagRequest, "hubId">,
  { signal, report }: MeasureContext,
): Promise<LagScan> {
  const { space: where = "shared", most, seed } = request;
  const from = await openEnd(stores, space, request.from, where);
  const to = await openEnd(stores, space, request.to, where);
  const all = await momentsOf(stores, from, to);
  const moments = all.from.length;
  const first = Math.max(0, Math.floor((moments - MOST_MOMENTS) / 2));
  const middle = (rows: readonly number[]) => rows.slice(first, first + MOST_MOMENTS);
  checkLag(most, moments); // at once, before the costly part
  const send = throttleProgress(report);
  const follow = async <T>(work: Work<T>, start: number, share: number) => {
    let step = await work.next();
    for (; !step.done; step = await work.next()) {
      const done = Math.floor(100 * (start + share * step.value));
      send({ stage: "compare", done, total: 100, unit: "steps" });
      await breathe(signal);
    }
    return step.value;
  };
  const a = await follow(loadStream(from, middle(all.from), where), 0, READING);
  const b = await follow(loadStream(to, middle(all.to), where), READING, READING);
  const compared = where === "shared" ? cosineAgreement(a, b, most) : ckaAgreement(a, b, most);
  const agreement = await follow(compared, 2 * READING, COMPARING);
  const readied = 2 * READING + COMPARING;
  const scan = await follow(scanLags(agreement, { seed }), readied, 1 - readied);
  return {
    space: where,
    ...(moments > MOST_MOMENTS && { moments }),
    ...(Math.min(a.share, b.share) < 1 && { shares: [a.share, b.share] as const }),
    ...scan,
  };
}

type Work<T> = Generator<number, T> | AsyncGenerator<number, T>;
