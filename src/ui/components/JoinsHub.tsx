import { Link } from "wouter";
import type { MediaModality } from "../../core/domain/modality";
import { EmptyState } from "./EmptyState";
import { ErrorNote } from "./ErrorNote";
import { isHubWith, useAllHubs } from "./hubsOf";
import { ITEM_NOUNS } from "./modalityWords";
import { useProject } from "./projectContext";

interface JoinsHubProps {
  readonly media: Exclude<MediaModality, "image">;
  /** What cannot be done here: `aligned by a run of their own`. */
  readonly instead: string;
  /** Where a hub has it: the part of the Hub step. */
  readonly tab: "members" | "query";
}

/** Where the items of a project go that no run trains on: the hubs they joined, or can join. */
export function JoinsHub({ media, instead, tab }: JoinsHubProps) {
  const { project } = useProject();
  const { value: hubs, error } = useAllHubs();
  const noun = ITEM_NOUNS[media];
  const at = `/p/${project.id}/hub`;
  const joined = hubs?.filter((whole) => isHubWith(whole, project.id)) ?? [];
  const others = hubs?.filter((whole) => !isHubWith(whole, project.id)) ?? [];
  return (
    <EmptyState title={`The ${noun}s of this project join a hub`}>
      <p>
        They are not {instead}: one small projector takes them into a shared space that is frozen
        already, and there they meet pictures, captions and whatever else has joined.
      </p>
      {error && <ErrorNote error={error} />}
      {joined.map(({ hub }) => (
        <p key={hub.id}>
          <Link href={`${at}/${tab}/${hub.id}`}>Open {hub.name}</Link>
        </p>
      ))}
      {others.map(({ hub }) => (
        <p key={hub.id}>
          <Link href={`${at}/add/${hub.id}/${project.id}`}>Add to {hub.name}</Link>
        </p>
      ))}
      {joined.length === 0 && (
        <Link className="button" href={at}>
          Start from the text encoder alone
        </Link>
      )}
    </EmptyState>
  );
}
