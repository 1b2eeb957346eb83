import {
  createContext,
  useContext,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import type { DevicePreference, EncoderSpec } from "../core/domain/encoder";
import { AppError } from "../core/errors";
import type { JobState } from "../core/job";
import type { JoiningStore } from "../core/joiningPort";
import type { DatasetStore, HubStore, ProjectStore, RunStore, SettingStore } from "../core/ports";
import type { Aligning } from "./aligning";
import type { Changes, Topic } from "./changes";
import type { DeviceInfo } from "./device";
import type { Doctoring } from "./doctoring";
import type { Downloads } from "./downloads";
import type { Encoders } from "./encoders";
import type { Encoding } from "./encoding";
import type { Explaining } from "./explaining";
import type { Exporting } from "./exporting";
import type { Hubs } from "./hubs";
import type { Jobs } from "./jobs";
import type { Labelling } from "./labelling";
import type { LiveRuns } from "./liveRuns";
import type { Mapping } from "./mapping";
import type { OwnModels } from "./ownModels";
import type { ProjectFiles } from "./projectFiles";
import type { Projects } from "./projects";
import type { Querying } from "./querying";
import type { RecipeRunner } from "./recipeRunner";
import type { Selecting } from "./selecting";
import type { SensorEncoders } from "./sensorEncoders";
import type { Sweeps } from "./sweeps";

/** What the UI may use. Built by `createServices`; tests pass real ones over fake workers. */
export interface Services {
  readonly jobs: Jobs;
  readonly live: LiveRuns;
  readonly changes: Changes;
  readonly stores: {
    readonly projects: ProjectStore;
    readonly datasets: DatasetStore;
    readonly runs: RunStore;
    readonly hubs: HubStore;
    readonly joinings: JoiningStore;
    readonly settings: SettingStore;
  };
  readonly projects: Projects;
  readonly projectFiles: ProjectFiles;
  readonly encoders: Encoders;
  readonly downloads: Downloads;
  /** Where encoders are downloaded from. */
  readonly hub: {
    readonly get: () => string;
    readonly set: (address: string) => void;
    readonly subscribe: (listener: () => void) => () => void;
  };
  readonly ownModels: OwnModels;
  readonly sensorEncoders: SensorEncoders;
  readonly encoding: Encoding;
  readonly selecting: Selecting;
  readonly aligning: Aligning;
  readonly sweeps: Sweeps;
  readonly querying: Querying;
  readonly labelling: Labelling;
  readonly explaining: Explaining;
  readonly mapping: Mapping;
  readonly doctoring: Doctoring;
  readonly exporting: Exporting;
  readonly hubs: Hubs;
  readonly recipes: RecipeRunner;
  /** What this browser can compute on; probed once at start. */
  readonly deviceInfo: Promise<DeviceInfo>;
  readonly devicePreference: {
    readonly get: () => DevicePreference;
    readonly set: (preference: DevicePreference) => void;
    readonly subscribe: (listener: () => void) => () => void;
  };
}

export const ServicesContext = createContext<Services | null>(null);

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new AppError("internal", "useServices outside <ServicesContext value>");
  return services;
}

/** Every encoder there is to choose from, live. */
export function useEncoders(): readonly EncoderSpec[] {
  const { encoders } = useServices();
  return useSyncExternalStore(encoders.subscribe, encoders.all);
}

/** Ids of the encoders this browser keeps beyond those that ship with the page, live. */
export function useStoredEncoders(): ReadonlySet<string> {
  const { encoders } = useServices();
  return useSyncExternalStore(encoders.subscribe, encoders.stored);
}

/** Where encoders are downloaded from, live. */
export function useHubAddress(): string {
  const { hub } = useServices();
  return useSyncExternalStore(hub.subscribe, hub.get);
}

/** The state of one job, live. */
export function useJob(id: string): JobState {
  const { jobs } = useServices();
  return useSyncExternalStore(jobs.subscribe, () => jobs.get(id));
}

/** Stored data on screen: what `load` gave last, or its error. Undefined value: not there yet. */
export interface Loaded<T> {
  readonly value: T | undefined;
  readonly error: AppError | undefined;
}

/**
 * Loads stored data and loads it again whenever one of `topics` changes, in any tab.
 *
 * @param key identifies what is loaded; a new key starts over.
 */
export function useLoaded<T>(
  key: string,
  load: () => Promise<T>,
  topics: readonly Topic[],
): Loaded<T> {
  const { changes } = useServices();
  const [state, setState] = useState<Loaded<T> & { key: string }>({
    key,
    value: undefined,
    error: undefined,
  });
  const latest = useRef(load);
  useEffect(() => {
    latest.current = load;
  });
  const watched = topics.join(" ");
  useEffect(() => {
    let current = true;
    const reload = () => {
      latest.current().then(
        (value) => current && setState({ key, value, error: undefined }),
        (thrown: unknown) =>
          current && setState({ key, value: undefined, error: AppError.from(thrown) }),
      );
    };
    reload();
    const names = watched.split(" ");
    const unsubscribe = changes.subscribe((topic) => names.includes(topic) && reload());
    return () => {
      current = false;
      unsubscribe();
    };
  }, [changes, key, watched]);
  return state.key === key ? state : { value: undefined, error: undefined };
}
