import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { headersFile, hubPolicy, siteHeaders } from "../../src/cli/headers";

const connectSources = (setting: string | undefined) =>
  /connect-src ([^;]*)/.exec(siteHeaders(hubPolicy(setting))["Content-Security-Policy"] ?? "")?.[1];

it("tells static hosts the same headers as the preview server sends", () => {
  expect(readFileSync("public/_headers", "utf8")).toBe(headersFile(siteHeaders(hubPolicy(""))));
});

it("lets requests go to this site and the hub only, and runs no inline script", () => {
  const policy = siteHeaders(hubPolicy(undefined))["Content-Security-Policy"];
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'/);
  expect(policy?.match(/https?:[^ ;]*/g)).toEqual(["https://huggingface.co", "https://*.hf.co"]);
  expect(connectSources(undefined)).toBe("'self' blob: https://huggingface.co https://*.hf.co");
});

it("lets no request leave the origin in a build without a hub", () => {
  expect(connectSources("none")).toBe("'self' blob:");
  expect(hubPolicy("none").address).toBe("/hub");
});

it("allows the origins a build names, the first being its hub", () => {
  const setting = "https://mirror.example:8443/hf  http://cdn.example";
  expect(connectSources(setting)).toBe(
    "'self' blob: https://mirror.example:8443 http://cdn.example",
  );
  expect(hubPolicy(setting).address).toBe("https://mirror.example:8443/hf");
});

it.each(["*", "https:", "https://a.example; script-src *", "ftp://a.example", "a.example"])(
  "refuses to widen the policy by a typing error: %s",
  (setting) => expect(() => hubPolicy(setting)).toThrow("PLAYGROUND_HUB"),
);
