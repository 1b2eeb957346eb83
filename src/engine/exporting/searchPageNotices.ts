import { licencePath, type LicenceEntry } from "../../core/catalogue/licenceEntry";
import { LICENCES } from "../../core/catalogue/licences";
import { SAMPLES } from "../../core/catalogue/samples";
import type { Project } from "../../core/domain/project";
import type { SearchPageManifest } from "../../core/domain/searchPage";

/** Libraries and the font inside page.js, worker.js and runtime.js, by their names in `LICENCES`. */
const SHIPPED: readonly string[] = [
  "@fontsource-variable/inter",
  "onnxruntime-web",
  "Eigen",
  "ONNX",
  "Protocol Buffers",
  "FlatBuffers",
  "@huggingface/tokenizers",
  "react",
  "react-dom",
  "scheduler",
];

/** Pictures and names of the emoji sample, by their names in `LICENCES`. */
const EMOJI: readonly string[] = [
  "Noto Emoji",
  "Fluent Emoji (flat)",
  "emojibase-data",
  "Unicode CLDR",
];

/** Third parties in a search page besides its encoders: its program, and data that is a sample's. */
export function shippedNotices({ data }: Pick<Project, "data">): LicenceEntry[] {
  const [sample] = SAMPLES;
  const isSample = [sample.id, sample.name, sample.path.split("/").at(-1)].includes(data?.source);
  const shipped = isSample ? [...SHIPPED, ...EMOJI] : SHIPPED;
  return LICENCES.filter(({ name }) => shipped.includes(name));
}

/** `README.txt` of the folder: what it is, how to use it, where its parts lie. */
export function readmeOf({ title, items, image, text, run, madeAt, madeWith }: SearchPageManifest) {
  return `${title}: search ${items.length} pictures by words

Open index.html in a browser, or put this folder on any web host. Nothing is sent anywhere: the
text encoder runs in the browser, and the page's own policy forbids every connection.

index.html         the page
app/               the page's program: page.js, worker.js, runtime.js (ONNX Runtime), page.css
data/manifest.js   captions, names, results, where each picture lies
data/model-*.js    ${text.name}, gzipped, in base64 (so are tokenizer, projector and vectors)
data/thumbnails-*.js  the pictures, in base64
licenses/, NOTICES.txt  licences of what is inside

Image encoder: ${image.name} (${image.source}, revision ${image.revision}, ${image.license})
Text encoder: ${text.name} (${text.source}, revision ${text.revision}, ${text.license})
Run: ${run.name} (${run.method}, step ${run.step}, ${run.dimension} dimensions)
Data: SHA-256 ${run.dataDigest}
Made ${madeAt} with ${madeWith}.
`;
}

/** `NOTICES.txt` of the folder. */
export function noticesOf(
  { text, image, madeWith }: SearchPageManifest,
  project: Pick<Project, "data">,
): string {
  const entries = shippedNotices(project).map(
    ({ name, version, licence, copyright, use }) =>
      `${name} ${version}: ${use}\n  ${copyright}\n  ${licence}, see ${licencePath(licence)}\n`,
  );
  return `This folder was made with ${madeWith} (Apache-2.0). It contains:

Text encoder ${text.name}
  ${text.source}, revision ${text.revision}
  Licence: ${text.license}

Vectors of pictures, computed with the image encoder ${image.name}
  ${image.source}, revision ${image.revision}
  Licence of the encoder, which itself is not included: ${image.license}

Pictures and captions
  From the project's own data; whoever publishes this folder answers for the right to do so.

${entries.join("\n")}`;
}
