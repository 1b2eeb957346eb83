import { useState, useSyncExternalStore } from "react";
import { Hubs } from "../../../app/hubs";
import { useServices } from "../../../app/services";
import type { PathScore, WholeHub } from "../../../core/domain/hub";
import { useProject } from "../../components/projectContext";
import { HubGraph } from "./HubGraph";
import { hubEdges, storedScores, strandedMembers, type HubEdge } from "./hubPaths";
import styles from "./Members.module.css";
import { PathPanel } from "./PathPanel";
import { PathTable } from "./PathTable";

/** The graph of a hub's modalities with the figures of the path that was chosen. */
export function GraphSection({ hub, members }: WholeHub) {
  const { canEdit } = useProject();
  const edges = hubEdges(members);
  const scores = useScores({ hub, members }, edges);
  const [chosen, choose] = useState<string | null>(null);
  // What was never trained together is what a hub is for.
  const edge =
    edges.find(({ id }) => id === chosen) ?? edges.findLast(({ hops }) => hops > 1) ?? edges[0];
  const stranded = strandedMembers(members);
  if (members.length < 2) {
    return (
      <p className="quiet">
        A graph of the modalities appears here once a second one has joined: which were trained
        together, and how well the others find each other.
      </p>
    );
  }
  return (
    <section className={styles.graph} aria-label="Modality graph">
      <HubGraph
        {...{ members, edges, scores }}
        name={hub.name}
        selected={edge?.id}
        onSelect={({ id }) => choose(id)}
      />
      {edge && <PathPanel {...{ hub, members, edge, scores, canEdit }} />}
      {stranded.length > 0 && (
        <p>
          No way leads to {stranded.map(({ name }) => name).join(", ")} any more: what they joined
          through was removed. They stay in the space and can be queried; their edges are gone.
        </p>
      )}
      <div className={styles.wide}>
        <PathTable edges={edges} scores={scores} />
      </div>
    </section>
  );
}

/** What was stored when members joined, and what was measured since. */
function useScores({ hub, members }: WholeHub, edges: readonly HubEdge[]) {
  const { jobs } = useServices();
  const states = useSyncExternalStore(jobs.subscribe, jobs.all);
  const scores = new Map(storedScores(members));
  for (const { from, to } of edges) {
    const job = states.get(Hubs.pathJob(hub.id, from.id, to.id));
    if (job?.status !== "done") continue;
    // Only `measurePaths` starts this job.
    for (const score of job.result as readonly PathScore[]) {
      scores.set(`${score.from}/${score.to}`, score);
    }
  }
  return scores;
}
