import { useState } from "react";
import { useServices } from "../../../../app/services";
import type { Pair } from "../../../../core/domain/dataset";
import type { Diagnosis, SwapFinding } from "../../../../core/domain/diagnosis";
import { BlobImage } from "../../../components/BlobImage";
import { formatNumberOf, formatPercent } from "../../../components/formatting";
import { useProject } from "../../../components/projectContext";
import type { Editing } from "../../../components/useEditing";
import type { ItemCache } from "../../../components/search/itemCache";
import styles from "./Doctor.module.css";
import { useLineItems } from "./useLineItems";

interface TableFaultsProps {
  readonly diagnosis: Diagnosis;
  readonly pairs: readonly Pair[];
  readonly items: ItemCache;
  readonly repairs: Editing;
  readonly canEdit: boolean;
}

const SHOWN = 5;

/** Faults of several rows at once: a table out of step, captions that were exchanged. */
export function TableFaults(props: TableFaultsProps) {
  const { diagnosis, pairs } = props;
  const { shift, swaps, selfTest } = diagnosis;
  const [isAll, setAll] = useState(false);
  const open = swaps.filter((swap) => isOpen(swap, pairs));
  return (
    <>
      {shift && shift.offset !== 0 && <ShiftNote {...props} offset={shift.offset} />}
      {open.length > 0 && (
        <section aria-labelledby="exchanged">
          <h2 id="exchanged">Perhaps exchanged captions</h2>
          <p className="quiet">
            {formatNumberOf(open.length, "set")} of pairs that seem to have each other’s captions.
            Of such findings in the self-test, which had 5 % wrong,{" "}
            {formatPercent(selfTest.swapPrecision, 0)} were exchanges; in data that is right, none
            is.
          </p>
          <ul className={styles.swaps}>
            {(isAll ? open : open.slice(0, SHOWN)).map((swap) => (
              <Swap key={swap.pairs.join("-")} {...props} swap={swap} />
            ))}
          </ul>
          {open.length > SHOWN && !isAll && (
            <button type="button" className="button" onClick={() => setAll(true)}>
              Show all {open.length}
            </button>
          )}
        </section>
      )}
    </>
  );
}

/** Whether all pairs are in use and none has the caption suggested yet. */
function isOpen({ pairs: members, texts }: SwapFinding, pairs: readonly Pair[]): boolean {
  return members.every((p, k) => {
    const pair = pairs[p];
    const before = texts[(k + members.length - 1) % members.length];
    return pair && pair.excluded === undefined && pair.text === before;
  });
}

function ShiftNote({
  offset,
  diagnosis,
  repairs,
  canEdit,
}: TableFaultsProps & { readonly offset: number }) {
  const { project } = useProject();
  const { doctoring } = useServices();
  const rows = `${formatNumberOf(Math.abs(offset), "row")} further ${offset > 0 ? "down" : "up"}`;
  const isDone = diagnosis.dataDigest !== project.data?.digest;
  return (
    <section className={styles.note} data-attention="true" aria-label="Table out of step">
      <p className={styles.verdict}>The captions of the whole table are out of step.</p>
      <p>
        Pictures fit the captions {rows} and not those of their own rows. Mend this first: what is
        listed below was judged with the captions as they are. The rows at the end, for which no
        caption is left, are excluded.
      </p>
      <button
        type="button"
        className="button primary"
        disabled={!canEdit || repairs.busy || isDone}
        onClick={() => void repairs.change(() => doctoring.shiftTable(project.id, offset))}
      >
        Take every caption from {rows}
      </button>
      {isDone && <p className="quiet">The data has changed since; examine the pairs again.</p>}
    </section>
  );
}

function Swap({
  swap,
  pairs,
  items,
  repairs,
  canEdit,
}: TableFaultsProps & { readonly swap: SwapFinding }) {
  const { pairs: members, texts } = swap;
  return (
    <li className={styles.swap}>
      <ol className={styles.members}>
        {members.map((p, k) => (
          <Member key={p} pair={pairs[p]} suggested={texts[k]} items={items} />
        ))}
      </ol>
      <button
        type="button"
        className="button"
        disabled={!canEdit || repairs.busy}
        onClick={() => void repairs.apply({ kind: "captions", pairs: members, texts })}
      >
        {members.length === 2 ? "Swap back" : "Give each the next one’s"}
      </button>
    </li>
  );
}

interface MemberProps {
  readonly pair: Pair | undefined;
  readonly suggested: number | undefined;
  readonly items: ItemCache;
}

function Member({ pair, suggested, items }: MemberProps) {
  const { project } = useProject();
  const { image, caption, best } = useLineItems(items, pair, suggested);
  return (
    <li className={styles.member}>
      {image ? (
        <BlobImage
          projectId={project.id}
          digest={image.digest}
          alt={caption?.text ?? ""}
          size={56}
        />
      ) : (
        <span className={styles.noPicture} />
      )}
      <span className={styles.words}>
        <span dir="auto">{caption?.text}</span>
        <span className="quiet" dir="auto">
          fits: {best?.text}
        </span>
      </span>
    </li>
  );
}
