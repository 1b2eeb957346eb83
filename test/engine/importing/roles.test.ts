import { expect, it } from "vitest";
import type { ColumnMapping, ColumnRole } from "../../../src/core/domain/dataset";
import { spareGroupsOf } from "../../../src/engine/importing/roles";

const columns = (roles: Readonly<Record<string, ColumnRole>>): ColumnMapping =>
  Object.entries(roles).map(([column, role]) => ({ column, role }));

it("keeps the group column that the split does not go by", () => {
  const mapping = columns({ file: "file", family: "group", concept: "ignore" });
  expect(spareGroupsOf(mapping, "concept")).toEqual(["family"]);
  expect(spareGroupsOf(mapping, "family")).toEqual([]);
});

it("keeps an ignored column with the name of a group, and no other", () => {
  // A recipe that makes `concept` the group column takes that role from `family`.
  const mapping = columns({
    family: "ignore",
    concept: "group",
    Patient_ID: "ignore",
    url: "ignore",
  });
  expect(spareGroupsOf(mapping, "concept")).toEqual(["family", "Patient_ID"]);
});

it("keeps a label column once, as a label", () => {
  expect(spareGroupsOf(columns({ family: "label" }), null)).toEqual([]);
});
