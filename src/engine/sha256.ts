/** SHA-256 (FIPS 180-4) as 64 hex digits; text is hashed as UTF-8. */
export async function sha256(content: Uint8Array<ArrayBuffer> | string): Promise<string> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  // Browsers hide `subtle` from pages served over plain http by another machine.
  const { subtle } = crypto as Partial<Crypto>;
  if (!subtle) return (await import("hash-wasm")).sha256(bytes);
  const digest = new Uint8Array(await subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
