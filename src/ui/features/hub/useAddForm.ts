import { useState } from "react";
import { isActive } from "../../../app/jobs";
import { Joinings } from "../../../app/joinings";
import {
  useEncoders,
  useJob,
  useLoaded,
  useServices,
  useStoredEncoders,
} from "../../../app/services";
import { chosenEncoder } from "../../../core/catalogue/encoders";
import { defaultChoice, type EmbeddingChoice } from "../../../core/domain/encoder";
import type { HubMember, WholeHub } from "../../../core/domain/hub";
import type { JoinWish } from "../../../core/domain/joinRequest";
import { ITEM_NAMES } from "../../../core/domain/modality";
import type { Project, ProjectData } from "../../../core/domain/project";
import { isSameTraining } from "../../../core/domain/unfinishedJoining";
import { useProject } from "../../components/projectContext";
import { useHubPlace } from "./useHubPlace";
import { useGoOn } from "./JoinStatus";
import { useJoinings } from "./useJoinings";

/** A project whose items can join. */
export type SourceProject = Project & { readonly data: ProjectData };

/** Which projects have items that can join a hub, and the one that is chosen. */
export function useSources({ hub, members }: WholeHub) {
  const { stores } = useServices();
  const { project } = useProject();
  const { from, open } = useHubPlace();
  const { value: all, error } = useLoaded("projects", () => stores.projects.list(), ["projects"]);
  const own = members.filter(({ data, joined }) => !joined && data?.projectId === hub.projectId);
  const candidates = (all ?? []).filter(
    (each): each is SourceProject =>
      each.data !== null &&
      // What the hub was frozen with is in it already.
      !(each.id === hub.projectId && own.some(({ modality }) => modality === each.data?.media)),
  );
  const here = candidates.find(({ id }) => id === project.id);
  const named = from ? all?.find(({ id }) => id === from) : here;
  return {
    error,
    isKnown: all !== undefined,
    candidates: candidates.toSorted((a, b) => rankOf(a) - rankOf(b) || b.updatedAt - a.updatedAt),
    source: candidates.find(({ id }) => id === named?.id),
    /** Chosen, but its items are still on their way in. */
    arriving: named && !named.data ? named : undefined,
    choose: (projectId: string) => open("add", hub.id, projectId),
  };
}

/** Sounds and windows first: they have nowhere else to go. */
const rankOf = ({ data }: SourceProject) => (data.media === "image" ? 1 : 0);

/** What is chosen for a joining, and the command that starts it. */
export function useAddForm({ hub, members }: WholeHub, source: SourceProject) {
  const { encoders } = useServices();
  useStoredEncoders(); // drawn anew when an encoder arrives
  const modality = source.data.media;
  const all = useEncoders().filter((spec) => spec.modality === modality);
  const known = chosenEncoder(source, modality);
  const ready = all.filter(
    (spec) =>
      !encoders.needsDownload(spec) &&
      // Made from the windows of one project, or embeddings that came with one: not for another.
      ((modality !== "sensor" && spec.origin !== "vectors") || spec.id === known?.id),
  );
  const [chosenId, chooseEncoder] = useState<string | null>(null);
  const spec = ready.find(({ id }) => id === (chosenId ?? known?.id)) ?? ready[0];
  const choice: EmbeddingChoice | undefined =
    spec && (spec.id === known?.id ? known : defaultChoice(spec));
  const [chosenAnchors, setAnchors] = useState<readonly string[] | null>(null);
  const anchors = chosenAnchors ?? defaultAnchors(members);
  const [typed, setName] = useState<string | null>(null);
  const name = typed ?? freeName(ITEM_NAMES[modality], members);
  const place = { hubId: hub.id, projectId: source.id };
  const job = useJob(Joinings.job(place));
  const unfinished = useJoinings(hub.id).value?.find(({ wish }) => wish.projectId === source.id);
  const goOn = useGoOn({ hub });
  const wish: JoinWish | undefined = choice && {
    ...{ ...place, modality, encoder: choice, anchors, seed: 0 },
    name: name.trim() || ITEM_NAMES[modality],
  };
  return {
    modality,
    encoders: ready,
    /** Encoders of the modality whose files are not here. */
    downloadable: all.filter((each) => encoders.needsDownload(each)).length,
    spec,
    chooseEncoder,
    anchors,
    toggleAnchor: (id: string) =>
      setAnchors(anchors.includes(id) ? anchors.filter((each) => each !== id) : [...anchors, id]),
    name,
    setName,
    isBusy: isActive(job),
    /** An unfinished joining of the same items asks for something else. */
    willReplace:
      wish !== undefined && unfinished !== undefined && !isSameTraining(unfinished.wish, wish),
    join: wish && (() => goOn(wish)),
  };
}

export type AddForm = ReturnType<typeof useAddForm>;

/** Captions take every item; without them, the first member. */
function defaultAnchors(members: readonly HubMember[]): readonly string[] {
  const anchor = members.find(({ modality }) => modality === "text") ?? members[0];
  return anchor ? [anchor.id] : [];
}

/** `Sounds`, or `Sounds 2` where there is one. */
function freeName(base: string, members: readonly HubMember[]): string {
  const taken = new Set(members.map(({ name }) => name));
  let name = base;
  for (let i = 2; taken.has(name); i++) name = `${base} ${i}`;
  return name;
}
