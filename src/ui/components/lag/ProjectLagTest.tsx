import { useProject } from "../projectContext";
import { ErrorNote } from "../ErrorNote";
import { LagTest } from "./LagTest";
import { useProjectStreams } from "./useProjectStreams";

/** A lag scan of a project's recordings before anything is trained, or what it takes. */
export function ProjectLagTest() {
  const { project } = useProject();
  const { value: streams, error } = useProjectStreams(project);
  if (error) return <ErrorNote error={error} />;
  if (!streams) return null;
  const { own, others } = streams;
  if (own.length > 0 && others.length > 0) {
    return <LagTest jobId={`lag/${project.id}`} hubId={null} streams={own} others={others} />;
  }
  return (
    <section className="stack tight" aria-labelledby="lag">
      <h2 id="lag">Lag scan</h2>
      <p className="quiet">
        Two recordings whose clocks disagree look as if they had nothing in common. Once these are
        encoded, they can be compared at many offsets with their captions, and with the recordings
        of other projects that are encoded: bring what a second device recorded as a project of its
        own, in the same order of time.
      </p>
    </section>
  );
}
