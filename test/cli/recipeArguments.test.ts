import { expect, it } from "vitest";
import { parseRecipeArguments, UsageError } from "../../src/cli/recipeArguments";

it("needs only the recipe", () => {
  expect(parseRecipeArguments(["r.json"])).toEqual({
    recipePath: "r.json",
    dataPath: null,
    outPath: "results.json",
    device: "auto",
    profileDir: null,
    mayDownload: false,
  });
});

it("takes every option in any order", () => {
  const argv = "--device wasm --data pairs.zip r.json --download --out o.json --profile p".split(
    " ",
  );
  expect(parseRecipeArguments(argv)).toEqual({
    recipePath: "r.json",
    dataPath: "pairs.zip",
    outPath: "o.json",
    device: "wasm",
    profileDir: "p",
    mayDownload: true,
  });
});

it("explains itself", () => {
  expect(parseRecipeArguments(["--help"])).toBe("help");
  expect(parseRecipeArguments(["r.json", "-h"])).toBe("help");
});

it.each([
  [[], /which recipe/],
  [["a.json", "b.json"], /one recipe at a time; also got b\.json/],
  [["a.json", "--device", "cuda"], /--device is one of auto, webgpu, wasm/],
  [["a.json", "--dat", "x"], /--dat/],
  [["a.json", "--out"], /--out/],
])("refuses %j and says why", (argv, message) => {
  expect(() => parseRecipeArguments(argv)).toThrow(UsageError);
  expect(() => parseRecipeArguments(argv)).toThrow(message);
});
