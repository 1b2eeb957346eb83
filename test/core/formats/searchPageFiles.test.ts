import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import type { SearchPageManifest } from "../../../src/core/domain/searchPage";
import {
  manifestScript,
  partPath,
  partScript,
  searchPageHtml,
} from "../../../src/core/formats/searchPageFiles";

describe("manifestScript", () => {
  it("hands over any text as it is", () => {
    const title = "</script>\u2028\u2029 \\ \" ' `${x}` \u{1f600}";
    const value = { title, ["__proto__"]: 1, items: [{ captions: [title] }] };
    const received: string[] = [];
    const searchPage = { manifest: (json: string) => received.push(json) };
    const script = manifestScript(value as unknown as SearchPageManifest);
    runInNewContext(script, { searchPage });
    expect(received).toEqual([JSON.stringify(value)]);
  });
});

describe("partScript", () => {
  it("names its part and index, under the path that is asked for", () => {
    const received: unknown[] = [];
    const searchPage = { part: (...args: unknown[]) => received.push(args) };
    runInNewContext(partScript("model", 3, "AQID"), { searchPage });
    expect(received).toEqual([["model", 3, "AQID"]]);
    expect([partPath("model", 3), partPath("runtime", 0)]).toEqual([
      "data/model-3.js",
      "app/runtime.js",
    ]);
  });
});

describe("searchPageHtml", () => {
  it("keeps a title a text", () => {
    const html = searchPageHtml('</title><script>alert(1)</script>"&', "x");
    expect(html).toContain("&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;");
    expect(html.match(/<script/g)).toHaveLength(1);
  });

  it("forbids every connection and everything from elsewhere", () => {
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(searchPageHtml("a", "b"))![1];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'none'");
    expect(policy).not.toMatch(/https?:|\*|unsafe-inline|'unsafe-eval'/);
  });
});
