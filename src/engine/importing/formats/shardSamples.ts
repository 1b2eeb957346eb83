import { modalityOfName } from "../../../core/domain/mediaNames";
import type { MediaModality } from "../../../core/domain/modality";
import { basenameOf } from "../../../core/domain/pathResolver";
import type { SourceEntry } from "../sourceEntry";

/** Members of a shard that follow one another under one key. */
export interface ShardSample {
  /** Where it lies, for reports: `train/s0000012 in train/0.tar`. */
  readonly where: string;
  /** The shard, as dropped. */
  readonly archive: string;
  /** By what follows the first dot of the name, in lower case: `jpg`, `seg.png`, `txt`. */
  readonly fields: ReadonlyMap<string, SourceEntry>;
}

/**
 * Samples of tar shards in their order. Key and field divide at the first dot of the name, the folder
 * belongs to the key, and a key that comes back later is another sample; names without a dot and
 * dotfiles belong to none. Source: webdataset, `tariterators.base_plus_ext` and `group_by_keys`.
 */
export function shardSamples(entries: readonly SourceEntry[]): ShardSample[] {
  const samples: { where: string; archive: string; fields: Map<string, SourceEntry> }[] = [];
  for (const entry of entries) {
    if (entry.archive === undefined || !/\.(tar|tgz|tar\.gz)$/i.test(entry.archive)) continue;
    const name = basenameOf(entry.path);
    const dot = name.indexOf(".");
    if (dot < 1) continue;
    const key = entry.path.slice(0, entry.path.length - name.length + dot);
    const where = `${key} in ${entry.archive}`;
    const last = samples.at(-1);
    const field = name.slice(dot + 1).toLowerCase();
    if (last?.where === where && !last.fields.has(field)) last.fields.set(field, entry);
    else samples.push({ where, archive: entry.archive, fields: new Map([[field, entry]]) });
  }
  return samples;
}

const PREFERRED = ["jpg", "jpeg", "png", "webp", "avif", "flac", "wav", "mp3", "ogg", "m4a"];

/** The picture or sound of a sample: plain fields first (`jpg` before `seg.png`). */
export function mediaField(
  { fields }: ShardSample,
  modality: MediaModality,
): SourceEntry | undefined {
  const found = [...fields.keys()].filter((field) => modalityOfName(`x.${field}`) === modality);
  const rank = (field: string) => {
    const place = PREFERRED.indexOf(field);
    return place < 0 ? PREFERRED.length + Number(field.includes(".")) : place;
  };
  const [first] = found.sort((a, b) => rank(a) - rank(b));
  return first === undefined ? undefined : fields.get(first);
}
