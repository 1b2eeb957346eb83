/**
 * A record with other ids: every text that is one of `names` becomes what it maps to, however deep.
 * Arrays of numbers are passed on as they are. Ids are UUIDs, so no other text equals one.
 */
export function renameIds<T>(record: T, names: ReadonlyMap<string, string>): T {
  return renamed(record, names) as T; // of the same form: only texts are exchanged
}

function renamed(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return names.get(value) ?? value;
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map((inner) => renamed(inner, names));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [names.get(key) ?? key, renamed(inner, names)]),
  );
}
