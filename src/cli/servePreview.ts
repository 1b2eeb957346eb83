import { existsSync } from "node:fs";
import { join } from "node:path";
import { preview } from "vite";

export interface Preview {
  /** E.g. `http://localhost:41234/`. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves `dist/` with the site's real headers.
 *
 * @param port 0 takes a free one; any other must be free.
 */
export async function servePreview(root: string, port = 0): Promise<Preview> {
  if (!existsSync(join(root, "dist/index.html"))) {
    throw new Error("dist/ holds no build; run “npm run build” first");
  }
  const server = await preview({
    root,
    mode: "production",
    logLevel: "warn",
    preview: { port, strictPort: port !== 0, host: "localhost", open: false },
  });
  const address = server.httpServer.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://localhost:${address.port}/`,
    port: address.port,
    close: () => server.close(),
  };
}
