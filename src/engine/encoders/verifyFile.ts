import { createSHA1, createSHA256 } from "hash-wasm";
import { AppError } from "../../core/errors";
import type { FileCache } from "./fileCache";
import type { PinnedFile } from "./pinFiles";

/**
 * SHA-256 of a downloaded file, part by part, so that 400 MB never lie in memory at once. What is not
 * the promised file is deleted.
 *
 * @throws AppError `encoder/hub-digest`.
 */
export async function verifyFile(
  file: PinnedFile,
  address: string,
  cache: FileCache,
): Promise<string> {
  const [sha256, sha1] = await Promise.all([createSHA256(), createSHA1()]);
  sha1.update(`blob ${file.sizeBytes}\0`); // how git names a file's content
  for await (const part of cache.parts(address)) {
    sha256.update(part);
    if (file.gitOid !== undefined) sha1.update(part);
  }
  const digest = sha256.digest();
  const actual = file.sha256 === null ? sha1.digest() : digest;
  const expected = file.sha256 ?? file.gitOid;
  if (actual === expected) return digest;
  await cache.delete(address);
  throw new AppError(
    "encoder/hub-digest",
    `${file.path}: ${actual.slice(0, 12)}… instead of ${String(expected).slice(0, 12)}…`,
  );
}
