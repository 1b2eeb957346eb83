import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

// A browser keeps data by origin, and the port is part of it: a profile that is to find its
// embeddings again must be served from the port of its first run.

const fileOf = (profileDir: string) => join(profileDir, "playground-port");

/** The port a profile was first served from; 0 for a new one. */
export async function profilePort(profileDir: string): Promise<number> {
  const file = fileOf(profileDir);
  return existsSync(file) ? Number(await readFile(file, "utf8")) : 0;
}

/** Remembers the port for the next run with this profile. */
export async function keepProfilePort(profileDir: string, port: number): Promise<void> {
  await mkdir(profileDir, { recursive: true });
  await writeFile(fileOf(profileDir), String(port));
}
