import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A file of the mirrored repository. */
export interface MirrorFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Large files have a SHA-256 in the hub's list, small ones only git's SHA-1. */
  readonly lfs?: boolean;
}

export interface Mirror {
  /** `http://localhost:1234/hub`. */
  readonly url: string;
  readonly origin: string;
  /** Serves another repository at a commit. */
  add(repository: string, files: readonly MirrorFile[], commit?: string): void;
  /** `GET /hub/…` and the range asked for, in order. */
  readonly requests: string[];
  /** Answers instead of the mirror when it returns true. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Whether ranges are honoured. */
  ranges: boolean;
  close(): Promise<void>;
}

export const MIRROR_COMMIT = "0123456789abcdef0123456789abcdef01234567";

interface Repository {
  readonly files: readonly MirrorFile[];
  readonly commit: string;
}

/** Serves repositories on localhost in the layout of the Hugging Face hub, CORS included. */
export async function mirrorHub(repository: string, files: readonly MirrorFile[]): Promise<Mirror> {
  const repositories = new Map<string, Repository>();
  const add: Mirror["add"] = (name, content, commit = MIRROR_COMMIT) =>
    void repositories.set(name, { files: content, commit });
  add(repository, files);
  const requests: string[] = [];
  const mirror = {
    requests,
    ranges: true,
    intercept: (_request: IncomingMessage, _response: ServerResponse) => false,
  };
  const server = createServer((request, response) => {
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-allow-headers", "range");
    const { range } = request.headers;
    requests.push(`${request.method} ${request.url}${range ? ` ${range}` : ""}`);
    if (mirror.intercept(request, response)) return;
    if (request.method === "OPTIONS") return void response.writeHead(204).end();
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://mirror").pathname);
    for (const [name, { files: held, commit }] of repositories) {
      const file = held.find((each) => path === `/hub/${name}/resolve/${commit}/${each.path}`);
      if (file) return sendFile(response, file.bytes, mirror.ranges ? range : undefined);
      const api = `/hub/api/models/${name}/`;
      if (path === `${api}revision/main`) return sendJson(response, { sha: commit });
      if (path === `${api}tree/${commit}`) return sendJson(response, held.map(entryOf));
    }
    response.writeHead(404).end("Entry not found");
  });
  await new Promise<void>((ready) => server.listen(0, "localhost", ready));
  const { port } = server.address() as AddressInfo; // it listens on a port, not on a pipe
  const origin = `http://localhost:${port}`;
  return Object.assign(mirror, {
    add,
    origin,
    url: `${origin}/hub`,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  });
}

function sendFile(response: ServerResponse, bytes: Uint8Array, range: string | undefined): void {
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
  response.writeHead(range === undefined ? 200 : 206, {
    "content-type": "application/octet-stream",
    "content-length": bytes.length - from,
    ...(range !== undefined && {
      "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}`,
    }),
  });
  response.end(bytes.subarray(from));
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(value));
}

function entryOf({ path, bytes, lfs = false }: MirrorFile) {
  const size = bytes.length;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const oid = createHash("sha1").update(`blob ${size}\0`).update(bytes).digest("hex");
  return {
    type: "file",
    path,
    size,
    oid,
    ...(lfs && { lfs: { oid: sha256, size, pointerSize: 134 } }),
  };
}
