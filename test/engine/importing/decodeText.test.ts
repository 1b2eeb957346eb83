import { describe, expect, it } from "vitest";
import { decodeText } from "../../../src/engine/importing/decodeText";

const TEXT = "file_name,text\na.png,Café — 猫\n";

function utf16(text: string, littleEndian: boolean, mark: boolean): Uint8Array<ArrayBuffer> {
  const units = [...(mark ? "\ufeff" : ""), ...text].join("");
  const view = new DataView(new ArrayBuffer(units.length * 2));
  for (let i = 0; i < units.length; i++) view.setUint16(i * 2, units.charCodeAt(i), littleEndian);
  return new Uint8Array(view.buffer);
}

describe("decodeText", () => {
  it.each([
    ["UTF-8", new TextEncoder().encode(TEXT)],
    ["UTF-8 with mark", new TextEncoder().encode(`\ufeff${TEXT}`)],
    ["UTF-16 LE with mark", utf16(TEXT, true, true)],
    ["UTF-16 BE with mark", utf16(TEXT, false, true)],
    ["UTF-16 LE without mark", utf16("file_name,text\n".repeat(4), true, false)],
    ["UTF-16 BE without mark", utf16("file_name,text\n".repeat(4), false, false)],
  ])("reads %s, and no mark stays", (name, bytes) => {
    const expected = name.endsWith("without mark") ? "file_name,text\n".repeat(4) : TEXT;
    expect(decodeText(bytes)).toEqual({ text: expected });
  });

  it("falls back to Windows-1252 with a warning", () => {
    // Only a letter that Latin-1 shares: node 20 decodes the rest of Windows-1252 wrongly.
    const { text, warning } = decodeText(Uint8Array.of(0x43, 0x61, 0x66, 0xe9));
    expect(text).toBe("Café");
    expect(warning).toContain("Windows-1252");
  });
});
