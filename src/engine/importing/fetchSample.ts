import type { SampleSpec } from "../../core/catalogue/samples";
import { AppError } from "../../core/errors";
import type { Progress } from "../../core/progress";
import { sha256 } from "../sha256";

/**
 * A sample's archive, downloaded from this site and checked against the catalogue.
 *
 * @param base address of the site, ending in `/`.
 * @throws AppError `import/sample`.
 */
export async function fetchSample(
  sample: SampleSpec,
  base: string,
  signal: AbortSignal,
  report: (progress: Progress) => void,
): Promise<File> {
  const name = sample.path.slice(sample.path.lastIndexOf("/") + 1);
  const bytes = await download(new URL(sample.path, base), sample.sizeBytes, signal, report);
  if ((await sha256(bytes)) !== sample.sha256) {
    throw new AppError("import/sample", `${name}: its SHA-256 does not match the catalogue`);
  }
  return new File([bytes], name);
}

async function download(
  url: URL,
  total: number,
  signal: AbortSignal,
  report: (progress: Progress) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(total);
  let done = 0;
  try {
    const response = await fetch(url, { signal });
    if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
    // A reader, not `for await`: Safari's streams are not iterable.
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (done + part.value.byteLength > total) throw new Error("longer than the catalogue says");
      bytes.set(part.value, done);
      done += part.value.byteLength;
      report({ stage: "download", done, total, unit: "bytes" });
    }
  } catch (thrown) {
    if (signal.aborted) throw AppError.from(signal.reason);
    throw new AppError("import/sample", `${url.pathname}: ${String(thrown)}`, { cause: thrown });
  }
  if (done < total)
    throw new AppError("import/sample", `${url.pathname}: cut off at ${done} bytes`);
  return bytes;
}
