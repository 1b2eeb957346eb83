const PYTHON_ITEM = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(,|\]|(?=['"]))/sy;

/**
 * The texts of a list written into a table cell: JSON (`["a", "b"]`) or as Python and NumPy print
 * one (`['a', "b"]`).
 *
 * @returns undefined for anything else, lists of numbers included.
 */
export function parseTextList(cell: string): string[] | undefined {
  const text = cell.trim();
  if (!text.startsWith("[") || !text.endsWith("]")) return undefined;
  return jsonList(text) ?? pythonList(text);
}

function jsonList(text: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((part) => typeof part === "string")
      ? value
      : undefined;
  } catch {
    return undefined; // not JSON is the question asked here, not a failure
  }
}

function pythonList(text: string): string[] | undefined {
  const parts: string[] = [];
  let position = 1;
  while (position < text.length) {
    PYTHON_ITEM.lastIndex = position;
    const match = PYTHON_ITEM.exec(text);
    if (!match) return undefined;
    const [, single, double, end] = match;
    parts.push(unescape(single ?? double ?? ""));
    position = PYTHON_ITEM.lastIndex;
    if (end === "]") return position === text.length ? parts : undefined;
  }
  return undefined;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

const unescape = (text: string) =>
  text.replace(/\\(.)/gs, (_, letter: string) => ESCAPES[letter] ?? letter);
