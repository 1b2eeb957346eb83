import { Link } from "wouter";
import type { WholeHub } from "../../../core/domain/hub";
import { EmptyState } from "../../components/EmptyState";
import { ITEM_NOUNS } from "../../components/modalityWords";
import { useProject } from "../../components/projectContext";
import { FreezeForm } from "./FreezeForm";
import styles from "./HubPanel.module.css";
import { useHubPlace } from "./useHubPlace";

interface HubStartProps {
  /** Every hub of this browser. */
  readonly hubs: readonly WholeHub[];
  /** This project has one already: another one is to be made. */
  readonly hasHub: boolean;
}

/** What a hub is, and the ways to one: freeze a space, or join one that is there. */
export function HubStart({ hubs, hasHub }: HubStartProps) {
  const { project } = useProject();
  const { pathOf } = useHubPlace();
  const media = project.data?.media ?? "image";
  return (
    <div className="stack loose">
      <h1>Hub</h1>
      <EmptyState title={hasHub ? "A new hub" : "No hub yet"}>
        <p>
          A hub is a shared space that is frozen once it is good: from then on sounds, sensor
          recordings or further encoders join it, each with one small projector of its own. What was
          in it stays the same to the bit, and what joins can be compared with all that is there,
          also with what it was never trained against.
        </p>
        {media === "sensor" && (
          <p>
            Recordings whose clocks disagree join badly:{" "}
            <Link href={`/p/${project.id}/encode`}>scan their offsets in Encode</Link> first.
          </p>
        )}
        {hasHub && <Link href={pathOf("members")}>Back to the hub</Link>}
      </EmptyState>
      {!hasHub && media !== "image" && <JoinList hubs={hubs} noun={ITEM_NOUNS[media]} />}
      <FreezeForm />
    </div>
  );
}

/** For items that a run cannot align with pictures: the hubs they can join. */
function JoinList({ hubs, noun }: { hubs: readonly WholeHub[]; noun: string }) {
  const { project } = useProject();
  const { pathOf } = useHubPlace();
  if (hubs.length === 0) return null;
  return (
    <section className={`stack section ${styles.section}`} aria-labelledby="join-a-hub">
      <h2 id="join-a-hub">Join a hub with these {noun}s</h2>
      <ul className={styles.rows}>
        {hubs.map(({ hub, members }) => (
          <li key={hub.id}>
            <div>
              <strong>{hub.name}</strong>
              <p className="quiet">{members.map(({ name }) => name).join(", ")}</p>
            </div>
            <Link className="button" href={pathOf("add", hub.id, project.id)}>
              Add to this hub
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
