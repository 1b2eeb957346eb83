/**
 * A name as the start of a file name on every system: letters and digits of any script, the rest as
 * single hyphens, at most 80 characters; `project` when nothing is left.
 */
export function fileStem(name: string): string {
  const stem = name
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}\p{M}._]+/gu, "-")
    .replace(/^[-.]+/, "");
  // By characters, not by halves of them.
  return (
    [...stem]
      .slice(0, 80)
      .join("")
      .replace(/[-.]+$/, "") || "project"
  );
}
