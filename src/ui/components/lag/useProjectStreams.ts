import { useLoaded, useServices, type Loaded, type Services } from "../../../app/services";
import { chosenEncoder } from "../../../core/catalogue/encoders";
import type { Modality } from "../../../core/domain/modality";
import type { Project } from "../../../core/domain/project";
import { formatCount } from "../formatting";
import { ITEM_NOUNS } from "../modalityWords";
import type { LagSide } from "./LagTest";

export interface ProjectStreams {
  /** The project's own recordings. */
  readonly own: readonly LagSide[];
  /** Its captions, and the recordings of other projects. */
  readonly others: readonly LagSide[];
}

/** What a project's recordings can be compared with before anything is trained, as it is encoded. */
export function useProjectStreams(project: Project): Loaded<ProjectStreams> {
  const services = useServices();
  const load = async () => {
    const all = await services.stores.projects.list();
    const rest = all.filter(({ id }) => id !== project.id);
    const media = await Promise.all(rest.map((other) => mediaOf(services, other)));
    const captions = await streamOf(services, project, "text", `captions of ${project.name}`);
    return {
      own: present([await mediaOf(services, project)]),
      others: present([captions, ...media]),
    };
  };
  const encoders = Object.values(project.encoders).map(({ id }) => id);
  const key = ["streams", project.id, project.data?.digest ?? "", ...encoders].join("/");
  return useLoaded(key, load, ["projects", `project/${project.id}`]);
}

function mediaOf(services: Services, project: Project): Promise<LagSide | null> {
  const media = project.data?.media;
  if (media === undefined) return Promise.resolve(null);
  return streamOf(services, project, media, `${ITEM_NOUNS[media]}s of ${project.name}`);
}

/** Null where nothing of it is encoded. */
async function streamOf(
  { encoding }: Services,
  project: Project,
  modality: Modality,
  words: string,
): Promise<LagSide | null> {
  if (!project.data || !chosenEncoder(project, modality)) return null;
  const { encoded, encoderKey } = await encoding.count(project, modality);
  if (encoded === 0) return null;
  return {
    id: `${project.id}/${modality}`,
    modality,
    name: `${formatCount(encoded)} ${words}`,
    raw: { projectId: project.id, modality, encoderKey },
  };
}

const present = (sides: readonly (LagSide | null)[]): LagSide[] =>
  sides.filter((side) => side !== null);
