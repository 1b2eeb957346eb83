import type { WholeHub } from "../../../../core/domain/hub";

/** Tests of a hub: missing modalities, degradation, lag. */
export function HubTestsTab({ hub }: WholeHub) {
  return <h2>Tests of {hub.name}</h2>;
}
