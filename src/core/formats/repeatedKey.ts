/**
 * The first key that an object of a JSON text has twice, or undefined. `JSON.parse` would keep the
 * last one and say nothing.
 *
 * @param json valid JSON.
 */
export function repeatedKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  // Strings, and the marks that tell what they are: a key is a string before a colon.
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:]/gs;
  let last = "";
  for (const [token] of json.matchAll(tokens)) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (token === ":") {
      const key = JSON.parse(last) as string; // the string before the colon
      const keys = open.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
    last = token;
  }
  return undefined;
}
