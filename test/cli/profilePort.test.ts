import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { keepProfilePort, profilePort } from "../../src/cli/profilePort";

it("serves a profile from the same port again, so that the browser finds its data", async () => {
  const folder = mkdtempSync(join(tmpdir(), "profile-"));
  try {
    const profile = join(folder, "new/profile");
    expect(await profilePort(profile)).toBe(0);
    await keepProfilePort(profile, 41_234);
    expect(await profilePort(profile)).toBe(41_234);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
