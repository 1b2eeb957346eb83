import type { ReactNode } from "react";
import { useLoaded, useServices } from "../../../../app/services";
import type { HubMember } from "../../../../core/domain/hub";
import type { HubHit } from "../../../../core/domain/hubQuery";
import { AudioClip } from "../../../components/AudioClip";
import { BlobImage } from "../../../components/BlobImage";
import styles from "../../../components/Sheet.module.css";
import { ProjectWindow } from "../../../components/search/ProjectWindow";
import { ResultSheet } from "../../../components/search/ResultSheet";
import { nameOf, useShown, type Result } from "../../../components/search/shownItems";
import type { HubItems } from "./hubItems";
import { pickedItem } from "./HubResults";
import { itemsOf } from "./memberWords";
import type { HubQuery } from "./useHubQuery";
import type { HubAnswer } from "./useHubSearch";

interface HubInspectorProps {
  readonly hit: HubHit;
  readonly answer: HubAnswer;
  readonly items: HubItems;
  readonly members: readonly HubMember[];
  readonly query: HubQuery;
  readonly onClose: () => void;
}

const PICTURE = 276;

/** One result in full, and what goes with it in every other member. */
export function HubInspector({ hit, answer, items, members, query, onClose }: HubInspectorProps) {
  const { stores } = useServices();
  const { target, gallery, scores } = answer;
  const shown = useShown(target.modality, hit, items.of(hit.projectId));
  const { value: project } = useLoaded(
    `project/${hit.projectId}`,
    () => stores.projects.get(hit.projectId),
    [`project/${hit.projectId}`],
  );
  return (
    <ResultSheet
      {...{ hit, gallery, scores, onClose }}
      media={shown && <Media hit={hit} target={target} shown={shown} />}
      actions={shown && <Actions {...{ hit, target, shown, members, query }} />}
      facts={
        <>
          <Fact name="Member">{target.name}</Fact>
          {project && <Fact name="Project">{project.name}</Fact>}
          {Object.entries(shown?.item.labels ?? {}).map(([column, value]) => (
            <Fact key={column} name={column}>
              {value}
            </Fact>
          ))}
          <Fact name="From">
            <span className="mono">{shown?.item.source}</span>
          </Fact>
        </>
      }
    >
      {shown && shown.captions.length > 0 && (
        <ul className={styles.captions} aria-label="Captions">
          {shown.captions.map((caption) => (
            <li key={caption} dir="auto">
              {caption}
            </li>
          ))}
        </ul>
      )}
    </ResultSheet>
  );
}

interface PartProps {
  readonly hit: HubHit;
  readonly target: HubMember;
  readonly shown: Result;
}

function Media({ hit, target, shown }: PartProps) {
  const { projectId } = hit;
  const { digest } = shown.item;
  const name = nameOf(shown);
  switch (target.modality) {
    case "image":
      return <BlobImage projectId={projectId} digest={digest} alt={name} size={PICTURE} />;
    case "audio":
      return <AudioClip projectId={projectId} digest={digest} label={`Play ${name}`} />;
    case "sensor":
      return <ProjectWindow projectId={projectId} digest={digest} isDetailed />;
    case "text":
      return (
        <p className={styles.words} dir="auto">
          {name}
        </p>
      );
  }
}

interface ActionsProps extends PartProps {
  readonly members: readonly HubMember[];
  readonly query: HubQuery;
}

function Actions({ hit, target, shown, members, query }: ActionsProps) {
  const picked = pickedItem(target, hit, shown);
  const button = (name: string, onClick: () => void, kind = "button") => (
    <button key={name} type="button" className={kind} onClick={onClick}>
      {name}
    </button>
  );
  return (
    <>
      {button("More like this", () => query.moreLike(picked))}
      {members
        .filter(({ id }) => id !== target.id)
        .map((member) =>
          button(`What goes with it in ${itemsOf(member, members)}`, () =>
            query.goesWith(picked, member.id),
          ),
        )}
      {button("Add to the query", () => query.addItem(picked, 1), "button quiet")}
      {button("Take away from it", () => query.addItem(picked, -1), "button quiet")}
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd dir="auto">{children}</dd>
    </div>
  );
}
