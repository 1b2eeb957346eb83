import type { RecipeResults, SweepResults } from "../../../core/domain/recipeResults";
import { saveFile } from "../../components/saveFile";

/** Saves everything a recipe gave. */
export function SaveResults({ results }: { readonly results: RecipeResults | SweepResults }) {
  const text = () => `${JSON.stringify(results, null, 2)}\n`;
  return (
    <div>
      <button
        type="button"
        className="button"
        onClick={() => saveFile("results.json", new Blob([text()], { type: "application/json" }))}
      >
        Download results.json
      </button>
    </div>
  );
}
