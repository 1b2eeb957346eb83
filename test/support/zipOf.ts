import { downloadZip } from "client-zip";

/** A zip of files, stored, as another program would write it. */
export async function zipOf(
  contents: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const inputs = Object.entries(contents).map(([name, input]) => ({ name, input }));
  return new Uint8Array(await downloadZip(inputs).arrayBuffer());
}
