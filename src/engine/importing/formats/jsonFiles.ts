import type { OpenedSource } from "../openSource";
import type { SourceEntry } from "../sourceEntry";
import { peek } from "./peek";
import { named, survey } from "./survey";

const PEEKED_MAX = 40; // a data set has a handful of JSON files; thousands are one per item

const CHANCE_MAX = 3;

/** Kinds that hold whole data sets: never about the one picture beside them. */
const PUBLISHED = new Set<JsonKind>(["coco-captions", "coco-other", "karpathy"]);

/** What a JSON file holds, as far as its beginning and end show. */
export type JsonKind =
  "coco-captions" | "coco-other" | "karpathy" | "list" | "lines" | "dictionary" | "unknown";

export interface JsonFile {
  readonly entry: SourceEntry;
  readonly kind: JsonKind;
}

/** JSON files that stand for themselves, largest first, and what they hold. */
export async function jsonFiles(source: OpenedSource, signal: AbortSignal): Promise<JsonFile[]> {
  const { alone, companions } = survey(source);
  const beside = named(companions, /\.json$/i);
  // One beside a picture of its name may be there by chance; a hundred are one per picture.
  const chance = beside.length <= CHANCE_MAX ? beside : [];
  const entries = [...named(alone, /\.json$/i), ...chance]
    .sort((a, b) => b.sizeBytes - a.sizeBytes || (a.path < b.path ? -1 : 1))
    .slice(0, PEEKED_MAX);
  const found: JsonFile[] = [];
  for (const entry of entries) {
    const { head, tail } = await peek(entry, signal);
    const kind = kindOfJson(entry.path, head, tail);
    const isOfPicture = chance.includes(entry) && !PUBLISHED.has(kind);
    if (!isOfPicture) found.push({ entry, kind });
  }
  return found;
}

/** Field names tell: COCO has `image_id` and `file_name`, Karpathy's lists `sentences`. */
function kindOfJson(path: string, head: string, tail: string): JsonKind {
  const both = head + tail;
  const has = (field: string) => both.includes(`"${field}"`);
  if (head === "") return kindByName(path);
  if (has("images") && has("sentences") && has("raw")) return "karpathy";
  if (has("annotations") || (has("images") && has("image_id"))) {
    if (has("caption") && has("image_id")) return "coco-captions";
    if (has("bbox") || has("segmentation") || has("keypoints") || has("segments_info")) {
      return "coco-other";
    }
  }
  const start = head.trimStart();
  if (start.startsWith("[")) return "list";
  if (!start.startsWith("{")) return "unknown";
  if (holdsLines(start)) return "lines";
  return /"(data|images|items|annotations|samples|rows|examples)"\s*:\s*\[/.test(head)
    ? "list"
    : "dictionary";
}

/** True for JSON Lines under the name of JSON: a whole object on the first line, and another. */
function holdsLines(head: string): boolean {
  const [first = "", second = ""] = head.split(/[\r\n]+/, 2);
  if (!second.startsWith("{")) return false;
  try {
    JSON.parse(first);
    return true;
  } catch {
    return false; // the question, not a failure
  }
}

/** For files too large to be unpacked for a look. */
function kindByName(path: string): JsonKind {
  if (/(instances|keypoints|panoptic|stuff)[^/]*\.json$/i.test(path)) return "coco-other";
  if (/captions_[^/]*\.json$/i.test(path)) return "coco-captions";
  return /dataset_(coco|flickr)[^/]*\.json$/i.test(path) ? "karpathy" : "unknown";
}
