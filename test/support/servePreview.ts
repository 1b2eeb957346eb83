import { servePreview as serve, type Preview } from "../../src/cli/servePreview";

/** Serves the production build in `dist/` with the real headers on a free port. */
export function servePreview(): Promise<Preview> {
  return serve(process.cwd());
}
