import { describe, expect, it } from "vitest";
import { recipeMapping } from "../../../src/core/domain/recipeMapping";

const guessed = [
  { column: "image", role: "file" },
  { column: "text", role: "caption" },
  { column: "place", role: "label" },
  { column: "id", role: "ignore" },
] as const;

const rolesOf = (mapping: ReturnType<typeof recipeMapping>) => mapping.map(({ role }) => role);

describe("the columns of a recipe", () => {
  it("change the roles they name and no others", () => {
    expect(rolesOf(recipeMapping(guessed, { place: "group", text: "label" }))).toEqual([
      ...["file", "label", "group", "ignore"],
    ]);
    expect(recipeMapping(guessed, {})).toEqual(guessed);
  });

  it("take a role that only one column can have from the guessed one", () => {
    expect(rolesOf(recipeMapping(guessed, { id: "file" }))).toEqual([
      ...["ignore", "caption", "label", "file"],
    ]);
    expect(rolesOf(recipeMapping(guessed, { id: "caption" }))).toEqual([
      ...["file", "caption", "label", "caption"],
    ]);
  });

  it("are refused where the data has none of that name, unless it is to be ignored", () => {
    expect(() => recipeMapping(guessed, { titel: "caption" })).toThrow(
      expect.objectContaining({
        code: "recipe/invalid",
        detail: "data.columns: no column “titel”; there are image, text, place, id",
      }),
    );
    expect(recipeMapping(guessed, { titel: "ignore" })).toEqual(guessed);
  });
});
