import { FactList } from "../../components/FactList";
import { formatDuration } from "../../components/formatting";
import type { PairCard } from "./pairPages";

/** Where a pair came from and how it counts, as a list of facts. */
export function PairFacts({ card: { pair, media, text } }: { readonly card: PairCard }) {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["Split", pair.split],
    ["Group", pair.group],
    ["Row", pair.row],
    ["File", media?.source],
    ["Size", media?.width && media.height ? `${media.width} × ${media.height} px` : undefined],
    ["Length", media?.durationMs === undefined ? undefined : formatDuration(media.durationMs)],
    ...Object.entries({ ...media?.labels, ...text?.labels }),
    ["Excluded", pair.excluded],
  ];
  return <FactList facts={facts} />;
}
