import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext, Script } from "node:vm";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildSearchPage } from "../../src/cli/searchPagePlugin";
import { SEARCH_PAGE_FILES } from "../../src/core/domain/searchPage";

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "search-page-"));
  await buildSearchPage(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const textOf = (name: string) => readFileSync(join(folder, name), "utf8");

/** The bytes that one of the scripts hands to the page. */
function carriedBy(name: string): Buffer {
  let carried = "";
  const part = (_name: string, _index: number, base64: string) => (carried = base64);
  runInNewContext(textOf(name), { searchPage: { part } });
  return Buffer.from(carried, "base64");
}

describe("buildSearchPage", () => {
  it("writes every file an export asks for", () => {
    for (const name of SEARCH_PAGE_FILES) expect(textOf(name).length).toBeGreaterThan(1_000);
  });

  it("writes classic scripts: a module would not run from a disk", () => {
    expect(() => new Script(textOf("page.js"))).not.toThrow();
    expect(() => new Script(carriedBy("worker.js").toString())).not.toThrow();
  });

  it("keeps everything the styles name inside them", () => {
    const urls = [...textOf("page.css").matchAll(/url\(([^)]*)/g)].map(([, url]) => url ?? "");
    expect(urls.length).toBeGreaterThan(0);
    expect(urls.filter((url) => !/^["']?data:/.test(url))).toEqual([]);
  });

  it("carries a runtime that WebAssembly accepts", () => {
    const wasm = gunzipSync(carriedBy("runtime.js"));
    expect([...wasm.subarray(0, 4)]).toEqual([0, 0x61, 0x73, 0x6d]);
    expect(wasm.length).toBeGreaterThan(10_000_000);
  });
});
