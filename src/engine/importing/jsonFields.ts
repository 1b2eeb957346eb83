/** The field of a parsed JSON object: own fields only, undefined for anything else. */
export function fieldOf(value: unknown, name: string): unknown {
  const isObject = typeof value === "object" && value !== null && Object.hasOwn(value, name);
  return isObject ? (value as Record<string, unknown>)[name] : undefined;
}

/** A text or number of a parsed JSON object as text; "" for anything else. */
export function textField(value: unknown, name: string): string {
  const field = fieldOf(value, name);
  return typeof field === "string" || typeof field === "number" ? String(field) : "";
}

/** A list of a parsed JSON object; empty for anything else. */
export function listField(value: unknown, name: string): readonly unknown[] {
  const field = fieldOf(value, name);
  return Array.isArray(field) ? field : [];
}
