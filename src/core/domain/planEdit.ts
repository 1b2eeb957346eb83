import { AppError } from "../errors";
import type { DatasetChange, DatasetContent } from "../ports";
import type { ImportReport, Item, Pair, SplitSpec } from "./dataset";
import type { Edit, EditRequest } from "./edit";
import { isInUse } from "./inUse";
import type { MediaModality } from "./modality";
import { resplit } from "./splits";

/** Imported data and how it was divided: what an edit starts from. */
export interface EditableData {
  readonly content: DatasetContent;
  readonly media: MediaModality;
  readonly split: SplitSpec;
  readonly splitSource: ImportReport["splitSource"];
}

/** An edit and what it writes; `split` and `splitSource` as they are afterwards. */
export interface PlannedEdit {
  readonly edit: Edit;
  readonly change: DatasetChange;
  readonly split: SplitSpec;
  readonly splitSource: ImportReport["splitSource"];
}

/**
 * What a request comes to.
 *
 * @param digestOf SHA-256 (hex) of a caption's UTF-8 text.
 * @returns null when nothing would change.
 * @throws AppError `data/edit` for an empty caption, one the picture already has, or pairs that do
 *   not exist.
 */
export async function planEdit(
  request: EditRequest,
  data: EditableData,
  digestOf: (text: string) => Promise<string>,
): Promise<PlannedEdit | null> {
  switch (request.kind) {
    case "exclude":
    case "include":
      return planUse(request, data);
    case "caption":
      return planCaption(request, data, digestOf);
    case "captions":
      return planCaptions(request, data);
    case "tag":
    case "untag":
      return planTag(request, data);
    case "resplit":
      return planResplit(request, data);
  }
}

/** The pairs as they were before `edit`, by index. */
export function pairsBefore(edit: Edit, pairs: readonly Pair[]): ReadonlyMap<number, Pair> {
  switch (edit.kind) {
    case "exclude":
      return new Map(edit.pairs.map((i) => [i, included(pairAt(pairs, i))]));
    case "include":
      return new Map(
        edit.pairs.map((i, k) => [
          i,
          { ...pairAt(pairs, i), excluded: edit.reasons[k] ?? "excluded by hand" },
        ]),
      );
    case "caption":
      return new Map([[edit.pair, { ...pairAt(pairs, edit.pair), text: edit.from }]]);
    case "captions":
      return new Map(
        edit.pairs.map((i, k) => {
          const pair = pairAt(pairs, i);
          return [i, { ...pair, text: edit.from[k] ?? pair.text! }];
        }),
      );
    case "tag":
    case "untag":
      return new Map(
        edit.pairs.map((i) => [
          i,
          edit.kind === "tag"
            ? withoutTag(pairAt(pairs, i), edit.tag)
            : withTag(pairAt(pairs, i), edit.tag),
        ]),
      );
    case "resplit":
      return new Map(
        edit.pairs.map((i, k) => {
          const pair = pairAt(pairs, i);
          const { group, split } = pair;
          return [i, { ...pair, group: edit.groups[k] ?? group, split: edit.splits[k] ?? split }];
        }),
      );
  }
}

function planUse(
  request: Extract<EditRequest, { kind: "exclude" | "include" }>,
  data: EditableData,
): PlannedEdit | null {
  const { pairs } = data.content;
  const excludes = request.kind === "exclude";
  const touched = [...new Set(request.pairs)].filter((i) => isInUse(pairAt(pairs, i)) === excludes);
  if (touched.length === 0) return null;
  const edit: Edit = excludes
    ? { kind: "exclude", pairs: touched, reason: request.reason }
    : {
        kind: "include",
        pairs: touched,
        reasons: touched.map((i) => pairAt(pairs, i).excluded ?? ""),
      };
  const after = touched.map((i): [number, Pair] => {
    const pair = pairAt(pairs, i);
    return [i, excludes ? { ...pair, excluded: request.reason } : included(pair)];
  });
  return planned(edit, data, new Map(after));
}

async function planCaption(
  { pair: index, text: typed }: Extract<EditRequest, { kind: "caption" }>,
  data: EditableData,
  digestOf: (text: string) => Promise<string>,
): Promise<PlannedEdit | null> {
  const { pairs, text: captions } = data.content;
  const pair = pairAt(pairs, index);
  const text = typed.trim().normalize("NFC"); // as the importer stores captions
  if (text === "") throw new AppError("data/edit", "the caption is empty");
  const from = pair.text;
  if (from === undefined) throw new AppError("data/edit", `${pair.row} has no caption`);
  const known = captions.findIndex((caption) => caption.text === text);
  const to = known >= 0 ? known : captions.length;
  if (to === from) return null;
  const media = pair[data.media];
  if (pairs.some((other, i) => i !== index && other[data.media] === media && other.text === to)) {
    throw new AppError("data/edit", `${pair.row} already has this caption once`);
  }
  const { change, ...plan } = planned({ kind: "caption", pair: index, from, to }, data, [
    [index, { ...pair, text: to }],
  ]);
  if (known >= 0) return { ...plan, change };
  const labels = captions[from]?.labels;
  const digest = await digestOf(text);
  const item: Item = {
    modality: "text",
    digest,
    source: pair.row,
    text,
    ...(labels && { labels }),
  };
  return { ...plan, change: { ...change, captions: [item] } };
}

function planCaptions(
  { pairs: indices, texts }: Extract<EditRequest, { kind: "captions" }>,
  data: EditableData,
): PlannedEdit | null {
  const { pairs, text: captions } = data.content;
  if (indices.length !== texts.length || new Set(indices).size !== indices.length) {
    throw new AppError("data/edit", `${texts.length} captions for ${indices.length} pairs`);
  }
  const after = indices.flatMap((i, k): [number, Pair][] => {
    const pair = pairAt(pairs, i);
    const text = texts[k]!;
    if (pair.text === undefined) throw new AppError("data/edit", `${pair.row} has no caption`);
    if (!captions[text]) throw new AppError("data/edit", `no caption ${text}`);
    return pair.text === text ? [] : [[i, { ...pair, text }]];
  });
  if (after.length === 0) return null;
  const changed = after.map(([i]) => i);
  const from = changed.map((i) => pairs[i]!.text!);
  const to = after.map(([, pair]) => pair.text!);
  return planned({ kind: "captions", pairs: changed, from, to }, data, after);
}

function planTag(
  { kind, pairs: indices, tag: typed }: Extract<EditRequest, { kind: "tag" | "untag" }>,
  data: EditableData,
): PlannedEdit | null {
  const tag = typed.trim().normalize("NFC");
  if (tag === "") throw new AppError("data/edit", "the tag is empty");
  const { pairs } = data.content;
  const adds = kind === "tag";
  const touched = [...new Set(indices)].filter(
    (i) => (pairAt(pairs, i).tags ?? []).includes(tag) !== adds,
  );
  if (touched.length === 0) return null;
  const after = touched.map((i): [number, Pair] => [
    i,
    adds ? withTag(pairAt(pairs, i), tag) : withoutTag(pairAt(pairs, i), tag),
  ]);
  return planned({ kind, pairs: touched, tag }, data, after);
}

function planResplit(
  { together, spec }: Extract<EditRequest, { kind: "resplit" }>,
  data: EditableData,
): PlannedEdit | null {
  const { content, media, splitSource } = data;
  const { pairs } = content;
  const split = spec ?? data.split;
  const drawn = resplit(pairs, content[media], split, { modality: media, together });
  const moved = pairs.flatMap(({ group, split: side }, i) =>
    drawn[i]?.group === group && drawn[i].split === side ? [] : i,
  );
  if (moved.length === 0) return null;
  const edit: Edit = {
    kind: "resplit",
    pairs: moved,
    groups: moved.map((i) => pairAt(pairs, i).group),
    splits: moved.map((i) => pairAt(pairs, i).split),
    before: { spec: data.split, source: splitSource },
  };
  const after = new Map(moved.map((i) => [i, pairAt(drawn, i)]));
  return { edit, change: { pairs: after, captions: [] }, split, splitSource: "drawn" };
}

function planned(
  edit: Edit,
  { split, splitSource }: EditableData,
  pairs: Iterable<readonly [number, Pair]>,
): PlannedEdit {
  return { edit, change: { pairs: new Map(pairs), captions: [] }, split, splitSource };
}

function withTag(pair: Pair, tag: string): Pair {
  return { ...pair, tags: [...(pair.tags ?? []), tag].sort() };
}

function withoutTag({ tags = [], ...pair }: Pair, tag: string): Pair {
  const rest = tags.filter((other) => other !== tag);
  return rest.length > 0 ? { ...pair, tags: rest } : pair;
}

function included(pair: Pair): Pair {
  const { excluded: _, ...rest } = pair;
  return rest;
}

function pairAt(pairs: readonly Pair[], index: number): Pair {
  const pair = pairs[index];
  if (!pair) throw new AppError("data/edit", `no pair ${index} among ${pairs.length}`);
  return pair;
}
