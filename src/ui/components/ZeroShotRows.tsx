import type { ZeroShotResult } from "../../core/domain/evaluation";
import { Estimate } from "./Estimate";
import { formatPercent } from "./formatting";
import { Term } from "./Term";

/** What a zero-shot score says beyond its accuracy, as rows of a `<dl>`. */
export function ZeroShotRows({ score }: { readonly score: ZeroShotResult }) {
  const ceiling = Math.max(score.ceiling ?? 0, score.knnCeiling ?? 0);
  return (
    <>
      <dt>Top 5</dt>
      <dd>
        <Estimate estimate={score.top5} />
      </dd>
      <dt>
        <Term explanation="Mean of the accuracies of the classes, so that rare classes count as much as common ones.">
          Per class
        </Term>
      </dt>
      <dd>{formatPercent(score.macro)}</dd>
      {score.ceiling !== null && (
        <>
          <dt>
            <Term explanation="Nearest class mean on the same frozen image features, which has seen the labels: what the encoder alone could give.">
              Ceiling, class means
            </Term>
          </dt>
          <dd>{formatPercent(score.ceiling)}</dd>
        </>
      )}
      {score.knnCeiling !== null && (
        <>
          <dt>
            <Term explanation="Majority of the 20 nearest training images on the same frozen features, which has seen the labels too.">
              Ceiling, neighbours
            </Term>
          </dt>
          <dd>{formatPercent(score.knnCeiling)}</dd>
        </>
      )}
      {ceiling > 0 && (
        <>
          <dt>Top 1 of the higher ceiling</dt>
          <dd>{formatPercent(score.top1.value / ceiling, 0)}</dd>
        </>
      )}
    </>
  );
}
