import { existsSync } from "node:fs";
import { join } from "node:path";
import { preview } from "vite";

export interface Preview {
  /** E.g. `http://localhost:41234/`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves `dist/` with the site's real headers on a free port. */
export async function servePreview(root: string): Promise<Preview> {
  if (!existsSync(join(root, "dist/index.html"))) {
    throw new Error("dist/ holds no build; run “npm run build” first");
  }
  const server = await preview({
    root,
    mode: "production",
    logLevel: "warn",
    preview: { port: 0, host: "localhost", open: false },
  });
  const address = server.httpServer.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return { url: `http://localhost:${address.port}/`, close: () => server.close() };
}
