// @vitest-environment jsdom
import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { resolveRecipe } from "../../src/core/domain/recipe";
import { encodeQuery, encodeQueryLink, type LinkedQuery } from "../../src/core/formats/queryLink";
import { encodeRecipeLink } from "../../src/core/formats/recipeLink";
import { RecipePanel } from "../../src/ui/features/recipe/RecipePanel";
import { projectWithPairs } from "../support/projects";
import { renderPanel } from "../support/renderPanel";
import { testServices, type TestServices } from "../support/services";

let services: TestServices;
afterEach(() => {
  cleanup();
  services?.close();
});

const recipe = resolveRecipe({ version: 1, name: "emoji", data: { sample: "emoji" } });
const query: LinkedQuery = {
  data: "b".repeat(64),
  terms: [
    { kind: "words", text: "cat", weight: 1 },
    { kind: "item", modality: "image", digest: "0".repeat(64), weight: -0.5 },
  ],
  target: "image",
  scores: { centred: false, csls: true },
  splits: ["test"],
};

async function open(path: string, digest = "other") {
  services = await testServices();
  const project = await projectWithPairs(services, 2);
  if (!project.data) throw new Error("the fixture has data");
  await services.projects.update(project.id, { data: { ...project.data, digest } });
  renderPanel(<RecipePanel />, { services, path });
  return project.id;
}

it("shows the recipe and the query before anything runs, and the project it was asked of", async () => {
  const id = await open(`/${encodeQueryLink(recipe, query)}`, query.data);
  expect(screen.getByRole("heading", { level: 1, name: "emoji" })).toBeTruthy();
  const note = screen.getByRole("region", { name: "Query in the link" });
  expect(note.textContent).toMatch(
    /“cat” − 0\.5 × an image of the data → images · CSLS · among test/,
  );
  const link = await screen.findByText("Ask it in “My museum”");
  expect(link.getAttribute("href")).toBe(`/p/${id}/query/search/${encodeQuery(query)}`);
});

it("says that no project has the data, and offers the recipe", async () => {
  await open(`/${encodeQueryLink(recipe, query)}`);
  expect(await screen.findByText(/No project of this browser has the data/)).toBeTruthy();
  expect(screen.getByText("Run recipe")).toBeTruthy();
});

it("names what is wrong with a query and leaves the recipe as it is", async () => {
  await open(`/${encodeRecipeLink(recipe)}&query=eyJhIjoxfQ`);
  expect(screen.getByText("The query in this link cannot be used.")).toBeTruthy();
  expect(screen.getByText(/unknown key "a"/)).toBeTruthy();
  expect(screen.getByText("Run recipe")).toBeTruthy();
});

it("has no query where the link has none", async () => {
  await open(`/${encodeRecipeLink(recipe)}`);
  expect(screen.queryByRole("region", { name: "Query in the link" })).toBeNull();
});
