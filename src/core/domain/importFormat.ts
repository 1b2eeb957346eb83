import type { ColumnRole } from "./dataset";

/** The layouts the importer knows; recognised from content, and overruled by the user. */
export const FORMAT_IDS = [
  "imagefolder",
  "coco",
  "karpathy",
  "flickr",
  "webdataset",
  "img2dataset",
  "caption-files",
  "class-folders",
  "parquet",
  "json",
  "esc50",
  "clotho",
  "audiocaps",
  "embeddings",
  "sensor-files",
  "sensor-array",
  "sensor-recording",
  "table",
] as const;
export type FormatId = (typeof FORMAT_IDS)[number];

/** What one looks like, for the list of formats and for the words of an inspection. */
export interface FormatSpec {
  readonly id: FormatId;
  /** `COCO captions`. */
  readonly name: string;
  /** What must be dropped, in one line. */
  readonly needs: string;
}

export const FORMATS: readonly FormatSpec[] = [
  {
    id: "imagefolder",
    name: "Hugging Face imagefolder or audiofolder",
    needs: "Files and a metadata.csv, .jsonl or .parquet with a file_name column, in any folder.",
  },
  {
    id: "coco",
    name: "COCO captions",
    needs: "A captions JSON with images and annotations, and the pictures.",
  },
  {
    id: "karpathy",
    name: "Karpathy splits",
    needs: "dataset_coco.json, dataset_flickr8k.json or dataset_flickr30k.json, and the pictures.",
  },
  {
    id: "flickr",
    name: "Flickr8k or Flickr30k",
    needs: "A token file, captions.txt, results.csv or annotations CSV, and the pictures.",
  },
  {
    id: "webdataset",
    name: "WebDataset",
    needs: "Tar shards, gzipped or not, whose members share a name per sample.",
  },
  {
    id: "img2dataset",
    name: "img2dataset output",
    needs: "Numbered folders or shards of jpg, txt and json.",
  },
  {
    id: "caption-files",
    name: "One caption file per picture",
    needs: "X.jpg beside X.txt, as clip-retrieval reads them.",
  },
  {
    id: "class-folders",
    name: "A folder per class",
    needs: "Files in folders named after their class; a template makes the captions.",
  },
  {
    id: "parquet",
    name: "Parquet with embedded files",
    needs: "Parquet whose image or audio column holds bytes, as Hugging Face datasets writes it.",
  },
  {
    id: "json",
    name: "JSON list",
    needs: "A JSON array of objects, or JSON Lines, with a file and a caption in each.",
  },
  { id: "esc50", name: "ESC-50", needs: "meta/esc50.csv and the audio folder." },
  { id: "clotho", name: "Clotho", needs: "clotho_captions_*.csv and the recordings." },
  {
    id: "audiocaps",
    name: "AudioCaps",
    needs: "Its CSV files and the clips, named by youtube_id or audiocap_id.",
  },
  {
    id: "embeddings",
    name: "Precomputed embeddings",
    needs: "npy, npz, safetensors or Parquet lists; no encoder is needed.",
  },
  {
    id: "sensor-files",
    name: "A table and files of sensor windows",
    needs:
      "A table with file names and captions, and a CSV (rows are moments, columns channels) or npy [channels, time] each.",
  },
  {
    id: "sensor-array",
    name: "Sensor windows in one array",
    needs:
      "An npy of shape [windows, channels, time] and a table of as many rows, or Parquet with a list per channel.",
  },
  {
    id: "sensor-recording",
    name: "Long sensor recordings",
    needs:
      "CSV or Parquet recordings, and either a column of labels or a table of events (start, end, text).",
  },
  {
    id: "table",
    name: "A table and files",
    needs: "Any CSV, TSV or JSON Lines with a column of file names, and the files.",
  },
];

/** @returns the entry of a format. */
export function formatById(id: FormatId): FormatSpec {
  return FORMATS.find((format) => format.id === id)!; // FORMATS lists every id; a test says so
}

/** How files are read: what the user may overrule before the import. */
export interface ImportSettings {
  /** `auto`: the best of what was recognised. */
  readonly format: FormatId | "auto";
  /** Caption of a file in a class folder; `{class}` is the folder's name in words. */
  readonly classTemplate: string;
  /** Decode every picture once to prove it whole and to make its thumbnail; `auto`: up to 20,000. */
  readonly thumbnails: boolean | "auto";
  /** Of sensor data only; absent: everything as found. */
  readonly sensor?: SensorSettings;
}

/** How windows are found in sensor data. */
export interface SensorSettings {
  /** Which side of an array is channels; `auto`: the shorter one. */
  readonly axis?: "auto" | "channels-first" | "time-first";
  /** Readings per window cut from a recording; absent: 2 seconds, or 128 where no time tells. */
  readonly readings?: number;
  /** Readings from one window to the next; absent: half a window. */
  readonly hop?: number;
}

export const DEFAULT_IMPORT: ImportSettings = {
  format: "auto",
  classTemplate: "a photo of a {class}",
  thumbnails: "auto",
};

/** A layout that fits, best first in an inspection. */
export interface FormatCandidate {
  readonly id: FormatId;
  /** In words: `COCO captions: 5,000 images, 25,010 captions`. */
  readonly summary: string;
}

/** Roles a format knows without guessing, by column. */
export type KnownRoles = Readonly<Record<string, ColumnRole>>;
