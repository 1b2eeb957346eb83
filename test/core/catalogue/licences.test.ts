import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ENCODERS } from "../../../src/core/catalogue/encoders";
import { LICENCE_IDS, licencePath } from "../../../src/core/catalogue/licenceEntry";
import { LICENCES } from "../../../src/core/catalogue/licences";

const { dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as {
  dependencies: Record<string, string>;
};
const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
  packages: Record<string, { version: string; license?: string }>;
};
const installed = (name: string) => packages[`node_modules/${name}`];
const major = (version: string) => version.split(".")[0];

it.each(Object.keys(dependencies))("names %s, at its installed major version", (name) => {
  const entry = LICENCES.find((each) => each.name === name);
  expect(entry).toBeDefined();
  expect(major(entry?.version ?? "")).toBe(major(installed(name)?.version ?? "none"));
});

it("gives every package the licence it declares itself", () => {
  const declared = LICENCES.filter(({ name }) => installed(name));
  expect(declared.length).toBeGreaterThan(Object.keys(dependencies).length);
  for (const { name, licence } of declared) {
    expect(`${name}: ${licence}`).toBe(`${name}: ${installed(name)?.license}`);
  }
});

it("names every encoder that ships, with the licence of its catalogue entry", () => {
  for (const { name, license } of ENCODERS.filter(({ origin }) => origin === "embedded")) {
    const entry = LICENCES.find((each) => each.name === name);
    expect(entry?.licence).toBe(license);
  }
});

it("serves the full text of every licence, the same as in LICENSES/", () => {
  const used = new Set<string>(LICENCES.map(({ licence }) => licence));
  expect([...used].sort()).toEqual([...LICENCE_IDS].sort());
  for (const id of LICENCE_IDS) {
    const served = readFileSync(`public/${licencePath(id)}`, "utf8");
    expect(served.length).toBeGreaterThan(800); // the shortest, ISC
    expect(served).toBe(readFileSync(`LICENSES/${id}.txt`, "utf8"));
  }
  const files = readdirSync("LICENSES").filter((name) => name.endsWith(".txt"));
  expect(files.sort()).toEqual(LICENCE_IDS.map((id) => `${id}.txt`).sort());
});

it("lists nothing twice", () => {
  const names = LICENCES.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
