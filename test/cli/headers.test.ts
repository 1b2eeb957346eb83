import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { SITE_HEADERS } from "../../src/cli/headers";

it("tells static hosts the same headers as the preview server sends", () => {
  const [scope, ...lines] = readFileSync("public/_headers", "utf8").trim().split("\n");
  const headers = lines.map((line) =>
    line
      .trim()
      .split(/: (.*)/s)
      .slice(0, 2),
  );
  expect(scope).toBe("/*");
  expect(Object.fromEntries(headers)).toEqual(SITE_HEADERS);
});

it("lets no request leave the origin and no inline script run", () => {
  const policy = SITE_HEADERS["Content-Security-Policy"];
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("connect-src 'self' blob:");
  expect(policy).not.toMatch(/https?:|unsafe-inline|'unsafe-eval'|\*/);
});
