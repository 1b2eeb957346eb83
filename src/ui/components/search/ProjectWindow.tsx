import { useLoaded, useServices } from "../../../app/services";
import { WindowClip } from "../WindowClip";

interface ProjectWindowProps {
  readonly projectId: string;
  readonly digest: string;
  readonly isDetailed?: boolean;
}

/** A window of any project, with the names and units its own project gives the channels. */
export function ProjectWindow({ projectId, digest, isDetailed = false }: ProjectWindowProps) {
  const { stores } = useServices();
  const { value } = useLoaded(`project/${projectId}`, () => stores.projects.get(projectId), [
    `project/${projectId}`,
  ]);
  const layout = value?.data?.sensor;
  return <WindowClip {...{ projectId, digest, layout, isDetailed }} />;
}
