import type { SearchPageManifest, SearchPagePart } from "../domain/searchPage";

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
