import { AppError } from "../../core/errors";

export interface HubRequest {
  readonly url: string;
  /** What is asked for, in words for an error: `onnx/model.onnx`. */
  readonly name: string;
  readonly signal: AbortSignal;
  /** First byte wanted; a server without ranges answers with all of them. */
  readonly from?: number;
}

/**
 * Absolute address below a hub.
 *
 * @param hub absolute, or a path of this site (`/hub`).
 * @param base the site's base URL.
 */
export function hubUrl(hub: string, base: string, path: string): string {
  const root = new URL(hub, new URL(base, globalThis.location?.href)).href.replace(/\/+$/, "");
  return `${root}/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/**
 * An answer of the hub that is neither an error nor a web page. Sends nothing but the request: no
 * cookie, no referrer.
 *
 * @throws AppError `encoder/download`, `encoder/not-on-hub`, `encoder/gated` or `cancelled`.
 */
export async function askHub({ url, name, signal, from = 0 }: HubRequest): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, {
      signal,
      credentials: "omit",
      referrerPolicy: "no-referrer",
      cache: "no-store", // kept in our own cache; the HTTP cache would hold the same again
      ...(from > 0 && { headers: { Range: `bytes=${from}-` } }),
    });
  } catch (cause) {
    throw connectionError(cause, name, url, signal);
  }
  const { status } = response;
  const host = new URL(url).host;
  if (status === 404) throw new AppError("encoder/not-on-hub", `${name}: ${host} answered 404`);
  if (status === 401 || status === 403) {
    const detail = `${name}: ${host} answered ${status}, so it is gated, private or not there`;
    throw new AppError("encoder/gated", detail);
  }
  if (!response.ok) {
    const why = status === 429 ? "asks to wait (429)" : `answered ${status}`;
    throw new AppError("encoder/download", `${name}: ${host} ${why}`);
  }
  // A captive portal, a login page, or a site that answers unknown paths with its start page.
  if (response.headers.get("content-type")?.startsWith("text/html")) {
    throw new AppError("encoder/not-on-hub", `${name}: ${host} sent a web page instead`);
  }
  return response;
}

/** JSON of the hub's API. @throws AppError as `askHub`, `encoder/download` when it is not JSON. */
export async function askHubJson(request: HubRequest): Promise<unknown> {
  const response = await askHub(request);
  try {
    return await response.json();
  } catch (cause) {
    if (request.signal.aborted) throw new AppError("cancelled", "", { cause });
    throw new AppError("encoder/download", `${request.name}: the answer is not JSON`, { cause });
  }
}

/** What a broken fetch means; browsers hide from pages whether it was the network or a policy. */
export function connectionError(
  cause: unknown,
  name: string,
  url: string,
  signal: AbortSignal,
): AppError {
  if (signal.aborted) return new AppError("cancelled", "", { cause });
  if (cause instanceof AppError) return cause;
  const offline = (globalThis.navigator as Partial<Navigator> | undefined)?.onLine === false;
  const why = offline
    ? "this browser is offline"
    : "no connection, or the hub or this site's policy does not let the page read it (a browser does not say which)";
  return new AppError("encoder/download", `${name} from ${new URL(url).host}: ${why}`, { cause });
}
