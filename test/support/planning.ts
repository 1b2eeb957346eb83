import type { ImportSource } from "../../src/core/domain/dataset";
import { DEFAULT_IMPORT, type ImportSettings } from "../../src/core/domain/importFormat";
import { chooseFormat, recogniseFormats } from "../../src/engine/importing/formats/registry";
import { IssueLog } from "../../src/engine/importing/issueLog";
import { openSource } from "../../src/engine/importing/openSource";
import { planRows } from "../../src/engine/importing/planRows";
import { rolesOf } from "../../src/engine/importing/roles";
import { AUTO_SPLIT, files, inspect } from "./importing";

/** What files would become, without decoding or storing any: pictures may be any bytes. */
export async function plan(
  contents: Parameters<typeof files>[0] | ImportSource,
  change: Partial<ImportSettings> = {},
) {
  const settings = { ...DEFAULT_IMPORT, ...change };
  const source = isSource(contents) ? contents : files(contents);
  const { signal } = new AbortController();
  const inspection = await inspect(source, settings);
  const opened = await openSource(source, "http://localhost/", signal, () => {});
  const format = chooseFormat(await recogniseFormats(opened, signal), settings.format, opened);
  const metadata = await format.read(opened, { settings, signal, report: () => {} });
  const mapping = inspection.columns.map(({ column, role }) => ({ column, role }));
  const log = new IssueLog();
  const { entries, tables, metadataPaths } = metadata;
  const roles = rolesOf(mapping, AUTO_SPLIT, metadata.columns);
  const planned = planRows(tables, entries, roles, log);
  const pathOf = (index: number) => entries[index]?.path ?? "";
  return {
    ...inspection,
    rolesOf: Object.fromEntries(mapping.map(({ column, role }) => [column, role])),
    /** `a.png: one / two [train]`, sorted: what must not depend on any order. */
    pairs: planned.planned
      .map(({ entry, captions, split }) => {
        return `${pathOf(entry)}: ${captions.join(" / ")}${split === null ? "" : ` [${split}]`}`;
      })
      .sort(),
    planned: planned.planned,
    used: planned.planned.length,
    skipped: planned.skipped,
    issues: log.issues().map(({ kind, where, reason }) => `${kind} ${where}: ${reason}`),
    unpaired: entries
      .filter(({ path }, i) => !planned.mentioned.has(i) && !metadataPaths.has(path))
      .map(({ path }) => path)
      .sort(),
    mentioned: [...planned.mentioned].map(pathOf),
    metadataPaths,
  };
}

const isSource = (value: object): value is ImportSource => "kind" in value;
