import { AppError } from "../errors";
import { count, digest, fields, list, refuse, text, uuid, type Shape } from "../formats/shape";

/** What the manifest of a project file says it is. */
export const PROJECT_FORMAT = "alignment-playground-project";

/** Raised when older versions of the page could no longer read what is written. */
export const PROJECT_FILE_VERSION = 1;

/** The last file of a project zip: every other one with its digest. */
export interface ProjectManifest {
  readonly format: typeof PROJECT_FORMAT;
  readonly version: number;
  /** Version of the page that wrote it. */
  readonly app: string;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  readonly project: { readonly id: string; readonly name: string };
  readonly files: readonly ManifestFile[];
}

/** A file of the zip and what it must be. */
export interface ManifestFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** A project as a file, with what saving it left out, in words. */
export interface SavedProject {
  readonly name: string;
  readonly blob: Blob;
  readonly notes: readonly string[];
}

/** A project that was opened from a file. */
export interface OpenedProject {
  readonly projectId: string;
  readonly name: string;
  /** What differs from the project that was saved, in words. */
  readonly notes: readonly string[];
}

// Never used to write anywhere; refused all the same, so that a careful unpacker need not be.
const isSafePath = (path: string) =>
  /^[\w.@~+-]+(\/[\w.@~+-]+)*$/.test(path) && !path.split("/").some((part) => /^\.+$/.test(part));

const path: Shape<string> = (value, at) => {
  const checked = text(value, at);
  return isSafePath(checked) ? checked : refuse(at, "a path inside the project file", value);
};

const manifestShape = fields<Omit<ProjectManifest, "format">>({
  version: count,
  app: text,
  savedAt: count,
  project: fields<ProjectManifest["project"]>({ id: uuid, name: text }),
  files: list(fields<ManifestFile>({ path, sizeBytes: count, sha256: digest })),
});

/**
 * The manifest, from its parsed JSON.
 *
 * @throws AppError `project-file/unrecognised` when it is of something else (a model folder has a
 *   manifest too), `project-file/newer`, `project-file/damaged`.
 */
export function parseManifest(value: unknown): ProjectManifest {
  const { format, version } = (value ?? {}) as { format?: unknown; version?: unknown };
  if (format !== PROJECT_FORMAT) {
    throw new AppError("project-file/unrecognised", "its manifest.json is of another kind of file");
  }
  if (typeof version === "number" && version > PROJECT_FILE_VERSION) {
    const known = `this page reads up to ${PROJECT_FILE_VERSION}`;
    throw new AppError("project-file/newer", `version ${version} of the format; ${known}`);
  }
  // Version 1 is the first there was: a lower one was never written.
  if (version !== PROJECT_FILE_VERSION) refuse("manifest.json: version", "1", version);
  return { ...manifestShape(value, "manifest.json"), format };
}

/** Name of the setting that says when a project was last saved as a file, in ms since 1970. */
export const lastSavedSetting = (projectId: string): string => `last-saved/${projectId}`;
