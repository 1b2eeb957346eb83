import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FORMATS } from "../../../../src/core/domain/importFormat";
import { AppError } from "../../../../src/core/errors";
import { DATA_FORMATS } from "../../../../src/engine/importing/formats/registry";
import { plan } from "../../../support/planning";

/** What a generated row is about; `bad` says what is wrong with it, if anything. */
interface Row {
  readonly name: string;
  readonly caption: string;
  readonly bad: "" | "missing" | "remote" | "climbs" | "empty" | "nul";
}

interface Layout {
  /** Files of the layout; pictures are added by the test. */
  readonly files: (rows: readonly Row[]) => Readonly<Record<string, string>>;
  /** Where the picture of a row lies. */
  readonly picture: (name: string) => string;
  /** Rows the layout can express; the others are left out. */
  readonly can?: readonly Row["bad"][];
}

const nameOf = ({ name, bad }: Row) =>
  bad === "missing"
    ? `gone-${name}.jpg`
    : bad === "remote"
      ? `https://x.org/${name}.jpg`
      : bad === "climbs"
        ? `../../${name}.jpg`
        : `${name}.jpg`;
const textOf = ({ caption, bad }: Row) =>
  bad === "empty" ? " " : bad === "nul" ? `${caption}\0` : caption;
const csv = (header: string, rows: readonly string[]) => [header, ...rows, ""].join("\n");

const jpg = (folder: string) => (name: string) => `${folder}${name}.jpg`;
const BESIDE = ["", "empty", "nul"] as const; // a pair that is a file beside a file cannot miss it

const LAYOUTS: Readonly<Record<string, Layout>> = {
  imagefolder: {
    files: (rows) => ({
      "d/metadata.csv": csv(
        "file_name,text",
        rows.map((row) => `${nameOf(row)},${textOf(row)}`),
      ),
    }),
    picture: jpg("d/"),
  },
  coco: {
    files: (rows) => ({
      "annotations/captions_val2017.json": JSON.stringify({
        images: rows.map((row, id) => ({ id, file_name: nameOf(row) })),
        annotations: rows.map((row, id) => ({ id, image_id: id, caption: textOf(row) })),
      }),
    }),
    picture: jpg("val2017/"),
  },
  karpathy: {
    files: (rows) => ({
      "dataset_flickr8k.json": JSON.stringify({
        dataset: "flickr8k",
        images: rows.map((row, imgid) => ({
          ...{ filename: nameOf(row), imgid, split: "train", sentences: [{ raw: textOf(row) }] },
        })),
      }),
    }),
    picture: jpg("pictures/"),
  },
  flickr: {
    files: (rows) => ({
      "results.token": rows.map((row) => `${nameOf(row)}#0\t${textOf(row)}\n`).join(""),
    }),
    picture: jpg("images/"),
  },
  img2dataset: {
    files: (rows) =>
      Object.fromEntries(
        rows.flatMap((row) => [
          [`00000/00000${row.name}.txt`, textOf(row)],
          [`00000/00000${row.name}.json`, '{"status":"success","url":"https://x.org"}'],
        ]),
      ),
    picture: jpg("00000/00000"),
    can: BESIDE,
  },
  "caption-files": {
    files: (rows) => Object.fromEntries(rows.map((row) => [`p/${row.name}.txt`, textOf(row)])),
    picture: jpg("p/"),
    can: BESIDE,
  },
  json: {
    files: (rows) => ({
      "list.json": JSON.stringify(
        rows.map((row) => ({ image: nameOf(row), caption: textOf(row) })),
      ),
    }),
    picture: jpg("p/"),
  },
  table: {
    files: (rows) => ({
      "kaggle.csv": csv(
        "image;comment",
        rows.map((row) => `${nameOf(row)};${textOf(row)}`),
      ),
    }),
    picture: jpg("p/"),
  },
  clotho: {
    files: (rows) => ({
      "clotho_captions_development.csv": csv(
        "file_name,caption_1,caption_2,caption_3,caption_4,caption_5",
        rows.map((row) => `${nameOf(row)},${Array(5).fill(textOf(row)).join(",")}`),
      ),
    }),
    picture: jpg("development/"),
  },
  esc50: {
    files: (rows) => ({
      "meta/esc50.csv": csv(
        "filename,fold,target,category,esc10,src_file,take",
        rows.map((row) => `${nameOf(row)},1,0,${textOf(row)},False,${row.name},A`),
      ),
    }),
    picture: jpg("audio/"),
  },
  audiocaps: {
    files: (rows) => ({
      "train.csv": csv(
        "audiocap_id,youtube_id,start_time,caption",
        rows.map((row, i) => {
          const id = row.bad === "missing" ? "gone" : `-_${row.name}`;
          return `x${i},${id},30,${textOf(row)}`;
        }),
      ),
    }),
    picture: (name) => `clips/-_${name}_30.wav`,
    can: ["", "missing", "empty", "nul"],
  },
};

const rowsOf = (can: readonly Row["bad"][]) =>
  fc
    .uniqueArray(
      fc.record({
        name: fc.integer({ min: 1000, max: 1040 }).map(String),
        caption: fc.stringMatching(/^[a-z]{1,6}( [a-z]{1,6}){0,3}$/),
        bad: fc.constantFrom(...can),
      }),
      { selector: ({ name }) => name, minLength: 1, maxLength: 8 },
    )
    // One good row, so that there is something to recognise.
    .map((rows): Row[] => [{ name: "1099", caption: "a good row", bad: "" }, ...rows]);

const ALL = ["", "missing", "remote", "climbs", "empty", "nul"] as const;

describe.each(Object.entries(LAYOUTS))("%s", (id, { files, picture, can = ALL }) => {
  const contentsOf = (rows: readonly Row[]) => ({
    ...files(rows),
    ...Object.fromEntries(rows.map(({ name }) => [picture(name), "x"])),
    "stray.jpg": "nobody mentions it",
  });

  it("accounts for every row and every file, whatever is wrong with a row", async () => {
    await fc.assert(
      fc.asyncProperty(rowsOf(can), async (rows) => {
        const contents = contentsOf(rows);
        const found = await plan(contents, { format: id as never });
        expect(found.used).toBe(rows.filter(({ bad }) => bad === "").length);
        expect(found.used + found.skipped).toBe(rows.length);
        const skips = found.issues.filter((issue) => issue.startsWith("skipped"));
        expect(skips).toHaveLength(found.skipped);
        // Every file is metadata, named by a row, or listed as unpaired: none in two, none in none.
        const places = [...found.metadataPaths, ...found.mentioned, ...found.unpaired].sort();
        expect(places).toEqual(Object.keys(contents).sort());
        expect(found.unpaired).toContain("stray.jpg");
      }),
      { numRuns: 10 },
    );
  });

  it("does not depend on the order of rows and files", async () => {
    await fc.assert(
      fc.asyncProperty(rowsOf(can), fc.infiniteStream(fc.nat()), async (rows, random) => {
        const found = await plan(contentsOf(rows));
        expect(found.format).toBe(id);
        const contents = Object.entries(contentsOf(shuffled(rows, random)));
        const again = await plan(Object.fromEntries(shuffled(contents, random)));
        expect(again.format).toBe(id);
        expect(again.pairs).toEqual(found.pairs);
        expect(again.unpaired).toEqual(found.unpaired);
        expect(again.summary).toEqual(found.summary);
      }),
      { numRuns: 6 },
    );
  });

  it("fails with a code or not at all when its files are damaged", async () => {
    const rows = ["1001", "1002"].map((name): Row => ({ name, caption: "some words", bad: "" }));
    const whole = contentsOf(rows);
    const metadata = Object.keys(files(rows));
    const change = fc.record({
      path: fc.constantFrom(...metadata),
      at: fc.nat({ max: 400 }),
      put: fc.constantFrom("", "\0", '"', "{", "]", "\n", "\ufffd", "__proto__", "null", ","),
      isCut: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ path, at, put, isCut }) => {
        const text = whole[path as keyof typeof whole] ?? "";
        const damaged = text.slice(0, at) + put + (isCut ? "" : text.slice(at + 1));
        try {
          await plan({ ...whole, [path]: damaged });
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(AppError);
          expect((thrown as AppError).code).toMatch(/^import\//);
        }
      }),
      { numRuns: 15 },
    );
  });
});

function shuffled<T>(values: readonly T[], random: fc.Stream<number>): T[] {
  const left = [...values];
  const taken: T[] = [];
  while (left.length > 0) {
    const [place = 0] = [...random.take(1)];
    taken.push(...left.splice(place % left.length, 1));
  }
  return taken;
}

it("knows every format by one entry of the list of formats", () => {
  const ids = DATA_FORMATS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(FORMATS.map(({ id }) => id)).toEqual(expect.arrayContaining([...ids]));
});
