/** Buys wasm threads: `crossOriginIsolated` becomes true. */
export const ISOLATION_HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
} as const;

/** Where a build lets encoders be downloaded from. */
export interface HubPolicy {
  /** Address in the settings until the visitor changes it. */
  readonly address: string;
  /** What `connect-src` allows beyond this site. */
  readonly sources: readonly string[];
}

/** huggingface.co sends large files from its own delivery network (us.aws.cdn.hf.co and others). */
const HUGGING_FACE: HubPolicy = {
  address: "https://huggingface.co",
  sources: ["https://huggingface.co", "https://*.hf.co"],
};

/**
 * The policy that `PLAYGROUND_HUB` asks for. Unset: the Hugging Face hub. `none`: no other site, and
 * a mirror under `/hub` of this one. Else addresses separated by spaces, the first being the hub.
 *
 * @throws Error for what is not an http(s) address: a typing error must not widen the policy.
 */
export function hubPolicy(setting: string | undefined): HubPolicy {
  const wanted = setting?.trim();
  if (!wanted) return HUGGING_FACE;
  if (wanted === "none") return { address: "/hub", sources: [] };
  const addresses = wanted.split(/\s+/);
  for (const address of addresses) {
    if (!/^https?:\/\/[\w.*-]+(:\d+)?(\/[\w./-]*)?$/.test(address)) {
      throw new Error(`PLAYGROUND_HUB: “${address}” is not an http(s) address`);
    }
  }
  const [address = ""] = addresses;
  return { address, sources: addresses.map((each) => /^https?:\/\/[^/]+/.exec(each)?.[0] ?? "") };
}

/**
 * What a built site is served with. The policy keeps every request on this origin, but for the hub's.
 * It is sent as a header because a `<meta>` policy does not reach workers.
 */
export function siteHeaders({ sources }: HubPolicy): Readonly<Record<string, string>> {
  return {
    ...ISOLATION_HEADERS,
    "Content-Security-Policy": [
      "default-src 'none'",
      "script-src 'self' 'wasm-unsafe-eval'",
      "worker-src 'self' blob:",
      ["connect-src 'self' blob:", ...sources].join(" "),
      "img-src 'self' blob: data:",
      "media-src blob:", // sounds of the project
      "style-src 'self'",
      "font-src 'self'",
      "manifest-src 'self'",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join("; "),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
  };
}

/** The same headers in the form static hosts read from `_headers`. */
export function headersFile(headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `  ${name}: ${value}\n`);
  return `/*\n${lines.join("")}`;
}
