import { stemOf } from "../../../core/domain/mediaNames";
import { AppError } from "../../../core/errors";
import type { Progress } from "../../../core/progress";
import { decodeText } from "../decodeText";
import type { Fault } from "../faults";
import { CAPTION_FILE_BYTES_MAX, TEXTS_IN_FLIGHT } from "../limits";
import { mapInFlight } from "../mapInFlight";
import type { SourceEntry } from "../sourceEntry";
import { captionFileTooLarge, unreadableCompanion } from "./layoutFaults";
import type { Survey } from "./survey";

/** A picture or sound and the files that share its path but for the extension. */
export interface Sample {
  readonly stem: string;
  /** In the order in which extensions are preferred, then by path; the first one counts. */
  readonly media: readonly SourceEntry[];
  readonly text?: SourceEntry;
  readonly json?: SourceEntry;
}

const PREFERRED = ["jpg", "jpeg", "png", "webp", "avif", "gif", "bmp", "wav", "flac", "mp3"];

// Two formats ask for them, and 100,000 samples take a while to sort out.
const known = new WeakMap<Survey, readonly Sample[]>();

/** Samples in order of their stems. */
export function samplesOf(survey: Survey): readonly Sample[] {
  const samples = known.get(survey) ?? sortOut(survey);
  known.set(survey, samples);
  return samples;
}

function sortOut({ media, companions }: Survey): Sample[] {
  const beside = byStem(companions);
  return [...byStem(media)].map(([stem, all]): Sample => {
    const find = (pattern: RegExp) => beside.get(stem)?.find(({ path }) => pattern.test(path));
    const text = find(/\.(txt|caption)$/i);
    const json = find(/\.json$/i);
    const sorted = all.sort((a, b) => preference(a.path) - preference(b.path));
    return { stem, media: sorted, ...(text && { text }), ...(json && { json }) };
  });
}

function byStem(entries: readonly SourceEntry[]): Map<string, SourceEntry[]> {
  const found = new Map<string, SourceEntry[]>();
  for (const entry of entries) {
    const stem = stemOf(entry.path);
    const held = found.get(stem);
    if (held) held.push(entry);
    else found.set(stem, [entry]);
  }
  return found;
}

function preference(path: string): number {
  const place = PREFERRED.indexOf(path.slice(path.lastIndexOf(".") + 1).toLowerCase());
  return place < 0 ? PREFERRED.length : place;
}

/** A sample's caption file and JSON as far as they can be read. */
export interface ReadSample {
  readonly sample: Sample;
  /** One per line of the caption file that is not empty. */
  readonly captions: readonly string[];
  readonly json?: unknown;
  readonly fault?: Fault;
}

/** Reads what lies beside pictures; a file that cannot be read costs its own sample. */
export async function readSamples(
  samples: readonly Sample[],
  { signal, report }: { signal: AbortSignal; report: (progress: Progress) => void },
): Promise<ReadSample[]> {
  let done = 0;
  return mapInFlight(samples, TEXTS_IN_FLIGHT, async (sample) => {
    signal.throwIfAborted();
    const read = await readSample(sample, signal);
    report({ stage: "read", done: ++done, total: samples.length, unit: "items" });
    return read;
  });
}

async function readSample(sample: Sample, signal: AbortSignal): Promise<ReadSample> {
  const { text, json } = sample;
  const tooLarge = [text, json].find((entry) => (entry?.sizeBytes ?? 0) > CAPTION_FILE_BYTES_MAX);
  if (tooLarge) return { sample, captions: [], fault: captionFileTooLarge(tooLarge.sizeBytes) };
  try {
    const lines = text ? decodeText(await text.read(signal)).text.split(/\r\n?|\n/) : [];
    const captions = lines.filter((line) => line.trim() !== "");
    if (!json) return { sample, captions };
    const value: unknown = JSON.parse(decodeText(await json.read(signal)).text);
    return { sample, captions, json: value };
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof AppError) {
      return { sample, captions: [], fault: unreadableCompanion(thrown.detail) };
    }
    if (!(thrown instanceof SyntaxError)) throw thrown;
    const reason = `${json?.path ?? sample.stem} is not JSON: ${thrown.message}`;
    return { sample, captions: [], fault: unreadableCompanion(reason) };
  }
}
