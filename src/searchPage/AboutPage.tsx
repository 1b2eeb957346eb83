import { METHODS } from "../core/catalogue/methods";
import type { SearchPageEncoder, SearchPageManifest } from "../core/domain/searchPage";
import { formatCount, formatPercent } from "../ui/components/formatting";
import styles from "./SearchPage.module.css";

interface AboutPageProps {
  readonly manifest: SearchPageManifest;
  readonly imageEncoder: SearchPageEncoder;
}

/** What made the page and how good it is: every number with its gallery, interval and chance. */
export function AboutPage({ manifest, imageEncoder }: AboutPageProps) {
  const { run, text, madeAt, madeWith } = manifest;
  return (
    <section className={styles.about} aria-labelledby="about">
      <h2 id="about">About this search</h2>
      <p>
        Two frozen networks, one that reads pictures and one that reads words, were aligned from
        pairs of both. Your words go through the second and its projector; the pictures nearest to
        them come first. The scores are similarities, not probabilities.
      </p>
      <dl className={styles.facts}>
        <dt>Quality</dt>
        <dd>{qualityOf(manifest)}</dd>
        <dt>Pictures read by</dt>
        <dd>{encoderWords(imageEncoder)}</dd>
        <dt>Words read by</dt>
        <dd>{encoderWords(text)}</dd>
        <dt>Aligned by</dt>
        <dd>
          {run.name} ({methodName(run.method)}, {formatCount(run.dimension)} dimensions)
        </dd>
        <dt>Data</dt>
        <dd>
          SHA-256 <span className="mono">{run.dataDigest.slice(0, 16)}</span>
        </dd>
        <dt>Privacy</dt>
        <dd>This page cannot open a connection: its own policy forbids every one.</dd>
        <dt>Licences</dt>
        <dd>
          <a href="NOTICES.txt">NOTICES.txt</a>, with the texts in the folder licenses
        </dd>
        <dt>Made</dt>
        <dd>
          {madeAt.slice(0, 10)} with {madeWith}
        </dd>
      </dl>
    </section>
  );
}

function qualityOf({ recall }: SearchPageManifest): string {
  if (!recall) return "not measured: the run has no held-out test";
  const { k, estimate, queries, gallery, chance } = recall;
  const interval = `95 % interval ${formatPercent(estimate.low)} to ${formatPercent(estimate.high)}`;
  const guess = chance === null ? "" : `, by chance ${formatPercent(chance)}`;
  return (
    `Recall@${k} ${formatPercent(estimate.value)} (${interval}${guess}): so often one of the first ` +
    `${k} was right, for ${formatCount(queries)} held-out captions among ` +
    `${formatCount(gallery)} held-out pictures`
  );
}

const methodName = (id: string) => METHODS.find((method) => method.id === id)?.name ?? id;

const encoderWords = ({ name, source, license }: SearchPageEncoder) =>
  `${name} (${source}; ${license})`;
