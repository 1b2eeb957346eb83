import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";

const SOURCES = ["src", "workers", "public", "index.html", "package-lock.json", "vite.config.ts"];

/** Builds the site into `dist/` unless a build newer than every source file is there. */
export async function ensureBuild(root: string): Promise<void> {
  const built = join(root, "dist/index.html");
  if (existsSync(built) && statSync(built).mtimeMs >= newest(root)) return;
  await build({ root, mode: "production", logLevel: "warn" });
}

function newest(root: string): number {
  const times = SOURCES.map((name) => join(root, name))
    .filter((path) => existsSync(path))
    .flatMap((path) => [path, ...inside(path)])
    .map((path) => statSync(path).mtimeMs);
  return Math.max(...times);
}

function inside(path: string): string[] {
  if (!statSync(path).isDirectory()) return [];
  return readdirSync(path, { recursive: true, encoding: "utf8" }).map((name) => join(path, name));
}
