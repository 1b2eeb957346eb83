import type { IHasher } from "hash-wasm";

/** Below this the way to the browser's own hash and back takes longer than hashing here. */
const HASHED_HERE_BYTES = 16 * 2 ** 10;

let hasher: Promise<IHasher> | undefined;

/** SHA-256 (FIPS 180-4) as 64 hex digits; text is hashed as UTF-8. */
export async function sha256(content: Uint8Array<ArrayBuffer> | string): Promise<string> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  // Browsers hide `subtle` from pages served over plain http by another machine.
  const { subtle } = crypto as Partial<Crypto>;
  if (!subtle || bytes.length < HASHED_HERE_BYTES) {
    hasher ??= import("hash-wasm").then(({ createSHA256 }) => createSHA256());
    const here = await hasher;
    // One hasher for all: nothing is awaited between its start and its result.
    return here.init().update(bytes).digest("hex");
  }
  const digest = new Uint8Array(await subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
