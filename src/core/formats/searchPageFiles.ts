import type { SearchPageManifest, SearchPagePart } from "../domain/searchPage";
import { AppError } from "../errors";
import { matrix, type Matrix } from "../math/matrix";

// From file:// a page may neither fetch nor import: classic scripts are all it can read. So every
// byte is a script that calls `searchPage`, with its bytes as base64.

/** The script that hands `bytes` to the page. */
export function partScript(name: SearchPagePart, index: number, base64: string): string {
  return `searchPage.part("${name}",${index},"${base64}");\n`;
}

/** The script that hands the manifest to the page. */
export function manifestScript(manifest: SearchPageManifest): string {
  // As a text: JSON as a literal would make of a key `__proto__` what it is not.
  return `searchPage.manifest(${JSON.stringify(JSON.stringify(manifest))});\n`;
}

/** Path of a part's script inside the folder. */
export function partPath(name: SearchPagePart, index: number): string {
  return name === "worker" || name === "runtime" ? `app/${name}.js` : `data/${name}-${index}.js`;
}

/**
 * The policy of the page: nothing from elsewhere and no request at all but its own scripts, styles
 * and pictures. `connect-src 'none'` makes “nothing leaves the browser” a promise it cannot break.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src blob:",
  "img-src 'self' blob: data:",
  "style-src 'self'",
  "font-src data:",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** The page's `index.html`. */
export function searchPageHtml(title: string, description: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="referrer" content="no-referrer" />
    <title>${escapeHtml(title)}</title>
    <meta name="description" content="${escapeHtml(description)}" />
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="app/page.css" />
  </head>
  <body>
    <div id="root"></div>
    <noscript>This page searches in your browser and needs JavaScript.</noscript>
    <script src="app/page.js"></script>
  </body>
</html>
`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (char) => ESCAPES[char] ?? char);

const LARGEST = 32_767;

/**
 * Vectors as 16-bit integers with a float32 scale for each row: half the size of float32.
 *
 * An element is off by at most 1/65,534 of the largest in its row, ten times less than float16 is
 * for unit vectors, and lengths that count (CSA) keep theirs.
 *
 * @param m [N, P], finite.
 * @returns [N] float32 scales, then [N, P] int16; little-endian.
 * @throws AppError `data/non-finite`.
 */
export function packVectors({ data, rows, cols }: Matrix): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(rows * (4 + 2 * cols));
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < rows; i++) {
    let most = 0;
    for (let d = 0; d < cols; d++) {
      const value = Math.abs(data[i * cols + d]!);
      if (!Number.isFinite(value)) throw new AppError("data/non-finite", `projected picture ${i}`);
      most = Math.max(most, value);
    }
    const scale = Math.fround(most / LARGEST);
    view.setFloat32(4 * i, scale, true);
    for (let d = 0; d < cols; d++) {
      const at = i * cols + d;
      // A scale that was rounded down could ask for one step more than there is.
      const steps = scale > 0 ? Math.round(data[at]! / scale) : 0;
      view.setInt16(4 * rows + 2 * at, Math.min(LARGEST, Math.max(-LARGEST, steps)), true);
    }
  }
  return bytes;
}

/** What `packVectors` packed: [rows, cols]. @throws AppError `data/shape`. */
export function unpackVectors(bytes: Uint8Array, rows: number, cols: number): Matrix {
  if (bytes.length !== rows * (4 + 2 * cols)) {
    throw new AppError("data/shape", `${bytes.length} bytes for [${rows}, ${cols}]`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = matrix(rows, cols);
  for (let i = 0; i < rows; i++) {
    const scale = view.getFloat32(4 * i, true);
    for (let at = i * cols; at < (i + 1) * cols; at++) {
      out.data[at] = view.getInt16(4 * rows + 2 * at, true) * scale;
    }
  }
  return out;
}
