import { useState } from "react";
import { useLocation } from "wouter";
import { useLoaded, useServices } from "../../../app/services";
import { sampleById } from "../../../core/catalogue/samples";
import { AppError } from "../../../core/errors";
import { recipeLinkOf } from "../../../core/formats/recipeLink";

/** The projects of this browser and the ways to start one. */
export function useHome() {
  const { projects, projectFiles, stores } = useServices();
  const [, navigate] = useLocation();
  const list = useLoaded("projects", () => stores.projects.list(), ["projects"]);
  const lastSaved = useLoaded(
    "last-saved",
    async () => {
      const all = await stores.projects.list();
      const times = await Promise.all(all.map(({ id }) => projectFiles.lastSaved(id)));
      return new Map(all.map(({ id }, i) => [id, times[i] ?? null]));
    },
    ["projects"],
  ).value;
  const [error, setError] = useState<AppError | null>(null);

  const create = async () => {
    const project = await projects.create("Untitled project");
    navigate(`/p/${project.id}/data`);
  };

  const trySample = async (sampleId: string) => {
    const { name } = sampleById(sampleId);
    const { id } = await projects.create(`${name} sample`);
    navigate(`/p/${id}/data`);
    await projects.importSample(id, sampleId); // where it fails, the Data screen shows why
  };

  const openText = async (read: () => Promise<string>) => {
    try {
      navigate(`/${recipeLinkOf(await read())}`);
    } catch (thrown) {
      setError(AppError.from(thrown));
    }
  };
  const openRecipe = (file: File) => openText(() => file.text());
  const openSampleRecipe = () =>
    openText(async () => (await fetch(new URL("recipes/emoji.json", document.baseURI))).text());

  const dismiss = () => setError(null);
  return { list, lastSaved, create, trySample, openRecipe, openSampleRecipe, error, dismiss };
}
