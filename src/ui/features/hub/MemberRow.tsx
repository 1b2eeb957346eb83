import { useState } from "react";
import { useServices } from "../../../app/services";
import type { HubMember, Joining } from "../../../core/domain/hub";
import { AppError } from "../../../core/errors";
import { ErrorNote } from "../../components/ErrorNote";
import { Estimate } from "../../components/Estimate";
import { FactList } from "../../components/FactList";
import { formatCount, formatNumberOf } from "../../components/formatting";
import { ITEM_NOUNS } from "../../components/modalityWords";
import { ModalityChip } from "../../components/ModalityChip";
import { NamedItemList } from "../../components/NamedItemList";
import { saveFile } from "../../components/saveFile";
import { Digest } from "./Digest";
import { kindWords, mainK } from "./hubPaths";
import { curveSides } from "./joinCurve";
import { JoinCurve } from "./JoinCurve";
import styles from "./Members.module.css";
import { memberFacts, type MemberContext } from "./memberWords";

interface MemberRowProps {
  readonly member: HubMember;
  readonly context: MemberContext;
  readonly canEdit: boolean;
  readonly onRemove: () => void;
}

/** One member of a hub: what it is, how it joined, how well it is found, and its commands. */
export function MemberRow({ member, context, canEdit, onRemove }: MemberRowProps) {
  const { hubs } = useServices();
  const [error, setError] = useState<AppError | null>(null);
  const { name, modality, joined } = member;
  const pack = async () => {
    setError(null);
    try {
      const file = await hubs.packSense(member.hubId, member.id);
      saveFile(file.name, file.blob);
    } catch (thrown) {
      setError(AppError.from(thrown));
    }
  };
  return (
    <article className={styles.member} aria-label={name} data-joined={joined !== null}>
      <header className={styles.line}>
        <h3>
          <span>{name}</span> <ModalityChip modality={modality} />
        </h3>
        {joined && (
          <div className={styles.actions}>
            <button
              type="button"
              className="button"
              aria-label={`Save ${name} as a sense pack`}
              onClick={() => void pack()}
            >
              Save as sense pack
            </button>
            <button
              type="button"
              className="button quiet"
              aria-label={`Remove ${name}`}
              disabled={!canEdit}
              onClick={onRemove}
            >
              Remove
            </button>
          </div>
        )}
      </header>
      {error && <ErrorNote error={error} onDismiss={() => setError(null)} />}
      <FactList facts={memberFacts(member, context)} />
      <Digest of={name} digest={member.digest} />
      {joined && <Doubts joined={joined} noun={ITEM_NOUNS[modality]} />}
      {joined && joined.paths.length > 0 && <Recalls member={member} context={context} />}
      {joined && joined.history.length > 0 && (
        <details>
          <summary>Training curve</summary>
          <JoinCurve
            history={joined.history}
            steps={joined.history.at(-1)?.step ?? joined.training.steps}
            sides={curveSides(modality, anchorModalities(member, context))}
          />
        </details>
      )}
    </article>
  );
}

interface DoubtsProps {
  readonly joined: Joining;
  readonly noun: string;
}

/** Items that could not be encoded, or were with a doubt, by name. */
function Doubts({ joined: { flagged, failed }, noun }: DoubtsProps) {
  return (
    <>
      {failed && failed.count > 0 && (
        <NamedItemList
          summary={`${formatNumberOf(failed.count, noun)} could not be encoded`}
          items={failed.named}
          count={failed.count}
        />
      )}
      {flagged && flagged.count > 0 && (
        <NamedItemList
          summary={`${formatNumberOf(flagged.count, noun)} encoded, with a doubt`}
          items={flagged.named}
          count={flagged.count}
        />
      )}
    </>
  );
}

function anchorModalities({ joined }: HubMember, { members }: MemberContext) {
  const anchors = new Set(joined?.anchors.map(({ memberId }) => memberId));
  return members.filter(({ id }) => anchors.has(id)).map(({ modality }) => modality);
}

/** Held-out recalls measured when it joined, a line each. */
function Recalls({ member, context }: Pick<MemberRowProps, "member" | "context">) {
  const nameOf = (id: string) => context.members.find((known) => known.id === id)?.name;
  const paths = (member.joined?.paths ?? []).filter(({ from, to }) => nameOf(from) && nameOf(to));
  return (
    <ul className={styles.recalls} aria-label={`Held-out recalls of ${member.name}`}>
      {paths.map((path) => {
        const k = mainK(path);
        const { result, chance, ridge, shuffled } = path;
        const estimate = result.recall[k];
        return (
          <li key={`${path.from}/${path.to}`}>
            {nameOf(path.from)} → {nameOf(path.to)}{" "}
            <span className="quiet">({kindWords(path.hops)})</span>:{" "}
            {path.measure === "cycle" && "cycle estimate of "}recall@{k}{" "}
            {estimate && <Estimate estimate={estimate} chance={chance[k] ?? NaN} />}
            {shuffled?.[k] && (
              <>
                {" "}
                · shuffled <Estimate estimate={shuffled[k]} />
              </>
            )}
            {ridge?.[k] && (
              <>
                {" "}
                · ridge <Estimate estimate={ridge[k]} />
              </>
            )}
            <span className="quiet">
              {" "}
              · {formatCount(result.queries)} queries, gallery of {formatCount(result.gallery)}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
