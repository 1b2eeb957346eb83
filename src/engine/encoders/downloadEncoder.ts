import type { EncoderSpec } from "../../core/domain/encoder";
import type { Progress } from "../../core/progress";
import { throttleProgress } from "../throttleProgress";
import { downloadFile } from "./downloadFile";
import type { FileCache } from "./fileCache";
import { hubUrl } from "./hubRequest";
import { pinFiles } from "./pinFiles";
import { verifyFile } from "./verifyFile";

export interface DownloadOptions {
  /** Address of the hub: absolute, or a path of this site. */
  readonly hub: string;
  /** The site's base URL. */
  readonly base: string;
  readonly cache: FileCache;
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
  readonly stallMs?: number;
}

/**
 * Fetches every file of a hub encoder from `{hub}/{repository}/resolve/{commit}/{path}`, goes on with
 * what an earlier attempt left, and checks each file's digest.
 *
 * @returns the encoder with commit, sizes and digests pinned, ready to be stored.
 * @throws AppError as `pinFiles`, `downloadFile` and `verifyFile`.
 */
export async function downloadEncoder(
  spec: EncoderSpec,
  options: DownloadOptions,
): Promise<EncoderSpec> {
  const { hub, base, cache, signal } = options;
  const { revision, files } = await pinFiles(spec, options);
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const send = throttleProgress(options.report);
  let furthest = 0; // an attempt that restarts must not make the bar go back
  const report = (done: number) => {
    furthest = Math.max(furthest, Math.min(done, total));
    send({ stage: "download", done: furthest, total, unit: "bytes" });
  };
  const pinned: EncoderSpec["files"][number][] = [];
  let finished = 0;
  report(0);
  for (const file of files) {
    const { role, path, sizeBytes } = file;
    const before = finished;
    const address = cache.address({ id: spec.id, revision }, file);
    await downloadFile({
      url: hubUrl(hub, base, `${spec.source}/resolve/${revision}/${path}`),
      name: path,
      ...{ sizeBytes, cache, address, signal },
      report: (bytes) => report(before + bytes),
      ...(options.stallMs !== undefined && { stallMs: options.stallMs }),
    });
    pinned.push({ role, path, sizeBytes, sha256: await verifyFile(file, address, cache) });
    finished += sizeBytes;
  }
  report(total);
  return { ...spec, revision, files: pinned };
}
