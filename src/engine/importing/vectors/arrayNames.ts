import { basenameOf } from "../../../core/domain/pathResolver";
import type { AlignedModality } from "../../../core/domain/modality";

/** What the name of an array says about its rows; undefined where it says nothing, or both. */
export function sideNamed(name: string): AlignedModality | undefined {
  const words = name.toLowerCase();
  const isImage = /(^|[^a-z])(im(g|age)s?|vis(ion|ual)|pixels?|pictures?|photos?)([^a-z]|$)/.test(
    words,
  );
  const isText = /(^|[^a-z])(te?xts?|captions?|sentences?|lang(uage)?|titles?)([^a-z]|$)/.test(
    words,
  );
  return isImage === isText ? undefined : isImage ? "image" : "text";
}

/** Files that are shards of one array or table, in numeric order. */
export interface ShardGroup<T> {
  /** `img_emb`, from `img_emb/img_emb_0.npy`. */
  readonly name: string;
  readonly files: readonly T[];
}

/**
 * Files grouped by folder and name without shard number: `img_emb_2` comes before `img_emb_10`, and
 * `train-00001-of-00002` is the second of its own. A lone file keeps a number above 0 (`dino_768`).
 */
export function groupShards<T extends { readonly path: string }>(
  files: readonly T[],
): ShardGroup<T>[] {
  const groups = new Map<string, { stem: string; members: { file: T; shard: number }[] }>();
  for (const file of files) {
    const { key, stem, shard } = shardOf(file.path);
    const group = groups.get(key) ?? { stem, members: [] };
    groups.set(key, group);
    group.members.push({ file, shard });
  }
  return [...groups.values()].map(({ stem, members }) => {
    const sorted = members.sort((a, b) => a.shard - b.shard);
    const [first] = sorted;
    const isLone = first !== undefined && sorted.length === 1 && first.shard > 0;
    const name = isLone ? basenameOf(first.file.path).replace(/\.\w+$/, "") : stem;
    return { name, files: sorted.map(({ file }) => file) };
  });
}

function shardOf(path: string) {
  const [, body = path, extension = ""] = /^(.*)\.(\w+)$/.exec(path) ?? [];
  const numbered = /^(.*?)[_.-]?(\d+)(?:-of-\d+)?$/.exec(body);
  const [, stem = body, digits = "0"] = numbered ?? [];
  // Number() of absurdly many digits is still ordered, only not exact.
  const key = `${stem}.${extension.toLowerCase()}`;
  return { key, stem: basenameOf(stem) || extension, shard: Number(digits) };
}
