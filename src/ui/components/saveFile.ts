/** Long enough for every browser to have started reading the URL. */
const KEEP_URL_MS = 10_000;

/** Offers `content` to the visitor as a download named `name`. */
export function saveFile(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEEP_URL_MS);
}
