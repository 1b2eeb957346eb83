import { lastSavedSetting, type OpenedProject } from "../../core/domain/projectFile";
import type { Item, Pair } from "../../core/domain/dataset";
import { MODALITIES, ofEachModality } from "../../core/domain/modality";
import type { Project } from "../../core/domain/project";
import { itemsShape, pairsShape, projectShape } from "../../core/domain/projectShapes";
import { renameIds } from "../../core/domain/renameIds";
import {
  checkpointShape,
  keptTrainingShape,
  projectorPairShape,
  runShape,
} from "../../core/domain/runShapes";
import { SETTING_SHAPES } from "../../core/domain/settingShapes";
import { AppError } from "../../core/errors";
import { list, refuse, text, type Shape } from "../../core/formats/shape";
import type {
  DatasetContent,
  DatasetStore,
  ProjectArchive,
  ProjectStore,
  RunState,
} from "../../core/ports";
import { sha256 } from "../sha256";
import { ProjectReader } from "./projectReader";
import type { ProjectFileContext } from "./projectWriter";
import { SharedRestore, type SharedStores } from "./restoreEncoders";
import { restoreHubs } from "./restoreHubs";
import { restoreOriginals } from "./restoreOriginals";

/** What opening a project file writes to. */
export interface ProjectRestorerDependencies extends SharedStores {
  readonly archive: ProjectArchive;
  readonly projects: Pick<ProjectStore, "list">;
  readonly datasets: Pick<DatasetStore, "putOriginals">;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Adds the project of a file to those of this browser, under ids of its own, so that one file opened
 * twice is two projects. All of it or, after a failure or a stop, nothing.
 *
 * @throws AppError `project-file/*`, which names the file inside; `storage/quota`, `cancelled`.
 */
export async function openProjectFile(
  file: Blob,
  deps: ProjectRestorerDependencies,
  context: ProjectFileContext,
): Promise<OpenedProject> {
  const { archive } = deps;
  await archive.discardLeftBehind(deps.now());
  const reader = await ProjectReader.open(file, context.signal);
  const restorer = new ProjectRestorer(reader, deps, context);
  try {
    return await restorer.restore();
  } catch (thrown) {
    await restorer.undo();
    context.signal.throwIfAborted();
    throw thrown;
  }
}

class ProjectRestorer {
  readonly #projectId = crypto.randomUUID() as string;
  readonly #reader: ProjectReader;
  readonly #deps: ProjectRestorerDependencies;
  readonly #context: ProjectFileContext;
  readonly #shared: SharedRestore;
  /** Ids of the file to the new ones: the project, its runs, its sweeps. */
  readonly #ids: Map<string, string>;
  #done = 0;

  constructor(
    reader: ProjectReader,
    deps: ProjectRestorerDependencies,
    context: ProjectFileContext,
  ) {
    this.#reader = reader;
    this.#deps = deps;
    this.#context = context;
    this.#shared = new SharedRestore(reader, deps);
    this.#ids = new Map([[reader.manifest.project.id, this.#projectId]]);
  }

  async restore(): Promise<OpenedProject> {
    const { archive, datasets, now } = this.#deps;
    const reader = this.#reader;
    const project = projectShape(await reader.record("project"), "project.json");
    if (project.id !== reader.manifest.project.id) {
      refuse("project.json.id", "the id of the manifest", project.id);
    }
    const content = await this.#content();
    const runIds = this.#ownIds("runs", "run");
    const hubIds = this.#ownIds("hubs", "hub");
    const onFile = () => this.#report();
    onFile();
    await archive.begin(this.#projectId, now());
    const projectId = this.#projectId;
    await restoreOriginals({ reader, projectId, content, datasets, onFile });
    const digests = MODALITIES.flatMap((side) => content[side].map(({ digest }) => digest));
    await this.#shared.embeddings(new Set(digests), onFile);
    await this.#shared.encoders();
    for (const runId of runIds) {
      await archive.putRunState(await this.#run(runId));
      onFile();
    }
    const settings = await this.#settings();
    this.#context.signal.throwIfAborted();
    const name = await this.#freeName(project.name);
    const known = new Set((await this.#deps.projects.list()).map(({ id }) => id));
    const { hubs, notes } = await restoreHubs({ reader, hubIds, ids: this.#ids, known });
    await archive.commit({ project: this.#renamed(project, name), content, settings, hubs });
    this.#done = reader.manifest.files.length;
    this.#send();
    return { projectId, name, notes: [...this.#shared.notes, ...notes] };
  }

  async undo(): Promise<void> {
    await this.#deps.archive.discard(this.#projectId);
    await this.#shared.undo();
  }

  async #content(): Promise<DatasetContent> {
    const items = ofEachModality((): Item[] => []);
    for (const modality of MODALITIES) {
      items[modality] = await this.#rows(`items/${modality}`, itemsShape(modality));
    }
    for (const [i, item] of items.text.entries()) {
      if ((await sha256(item.text ?? "")) === item.digest) continue;
      throw new AppError("project-file/damaged", `items/text: the digest of caption ${i} is wrong`);
    }
    const counts = ofEachModality((modality) => items[modality].length);
    return { ...items, pairs: await this.#rows<Pair>("pairs", pairsShape(counts)) };
  }

  async #rows<T>(folder: string, shape: Shape<T[]>): Promise<T[]> {
    const rows: T[][] = [];
    for (const json of this.#reader.below(folder).filter((path) => path.endsWith(".json"))) {
      rows.push(shape(await this.#reader.record(json.replace(/\.json$/, "")), json));
    }
    return rows.flat();
  }

  /** Ids of the runs, or of the hubs, as the file has them; gives each a new one. */
  #ownIds(folder: "runs" | "hubs", record: string): string[] {
    const found = this.#reader.below(folder).flatMap((path) => {
      const [, id = "", file = "", ...rest] = path.split("/");
      const isOne = file === `${record}.json` && rest.length === 0 && /^[0-9a-f-]{36}$/.test(id);
      return isOne ? [id] : [];
    });
    for (const id of found) this.#ids.set(id, crypto.randomUUID());
    return found;
  }

  /** A run with the new ids; one that was being trained waits to be resumed. */
  async #run(runId: string): Promise<RunState> {
    const reader = this.#reader;
    const folder = `runs/${runId}`;
    const run = runShape(await reader.record(`${folder}/run`), `${folder}/run.json`);
    if (run.id !== runId || run.projectId !== reader.manifest.project.id) {
      refuse(`${folder}/run.json`, "a run of this name and project", run.id);
    }
    const owned = async <T extends { readonly runId: string }>(name: string, shape: Shape<T>) => {
      const record = shape(await reader.record(`${folder}/${name}`), `${folder}/${name}.json`);
      return record.runId === runId
        ? record
        : refuse(`${folder}/${name}.json.runId`, runId, record.runId);
    };
    const has = (name: string) => reader.has(`${folder}/${name}.json`);
    if (run.sweep && !this.#ids.has(run.sweep.id)) {
      this.#ids.set(run.sweep.id, crypto.randomUUID());
    }
    const state: RunState = {
      run: run.status === "running" ? { ...run, status: "paused" } : run,
      checkpoints: [
        ...(has("checkpoint-0") ? [await owned("checkpoint-0", checkpointShape)] : []),
        ...(has("checkpoint-1") ? [await owned("checkpoint-1", checkpointShape)] : []),
      ],
      ...(has("kept") && {
        kept: keptTrainingShape(await reader.record(`${folder}/kept`), `${folder}/kept.json`),
      }),
      ...(has("projectors") && { projectors: await owned("projectors", projectorPairShape) }),
    };
    return renameIds(state, this.#ids);
  }

  /** What is kept under the name of the project or of one of its runs, and when it was saved. */
  async #settings(): Promise<Map<string, unknown>> {
    const path = "settings.json";
    const entries = list<unknown>((entry) => entry)(await this.#reader.record("settings"), path);
    const settings = new Map<string, unknown>();
    for (const [i, entry] of entries.entries()) {
      const [name, value] = list<unknown>((inner) => inner)(entry, `${path}[${i}]`);
      const parts = text(name, `${path}[${i}][0]`).split("/");
      const isOwn = parts.length > 1 && parts.some((part) => this.#ids.has(part));
      if (!isOwn) refuse(`${path}[${i}][0]`, "a setting of this project", name);
      const shape = SETTING_SHAPES.get(parts[0] ?? "");
      shape?.(value, `${path}[${i}][1]`);
      const renamed = parts.map((part) => this.#ids.get(part) ?? part).join("/");
      settings.set(renamed, renameIds(value, this.#ids));
    }
    settings.set(lastSavedSetting(this.#projectId), this.#reader.manifest.savedAt);
    return settings;
  }

  #renamed(project: Project, name: string): Project {
    return { ...renameIds(project, this.#ids), name, updatedAt: this.#deps.now() };
  }

  async #freeName(name: string): Promise<string> {
    const taken = new Set((await this.#deps.projects.list()).map((project) => project.name));
    let free = name;
    for (let i = 2; taken.has(free); i++) free = `${name} (${i})`;
    return free;
  }

  #report(): void {
    this.#done++;
    this.#context.signal.throwIfAborted();
    this.#send();
  }

  #send(): void {
    const total = this.#reader.manifest.files.length;
    const done = Math.min(this.#done, total);
    this.#context.report({ stage: "restore", done, total, unit: "items" });
  }
}
