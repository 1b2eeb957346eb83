import type { SourceFile } from "../../../core/domain/dataset";
import type { Recipe } from "../../../core/domain/recipe";
import { formatBytes, formatNumberOf } from "../../components/formatting";
import styles from "./RecipePanel.module.css";

interface RecipeFilesProps {
  readonly recipe: Recipe;
  readonly files: readonly SourceFile[];
  readonly onFiles: (files: readonly SourceFile[]) => void;
}

/** Where the visitor gives the files a recipe names by path; a page cannot open paths itself. */
export function RecipeFiles({ recipe, files, onFiles }: RecipeFilesProps) {
  const path = "path" in recipe.data ? recipe.data.path : "";
  const take = (list: FileList | null) => onFiles([...(list ?? [])].map(sourceFile));
  return (
    <fieldset className={styles.files}>
      <legend>
        This recipe needs <span className="mono">{path}</span>
      </legend>
      <label>
        Zip or files
        <input
          type="file"
          className="field"
          multiple
          data-testid="recipe-files"
          onChange={({ target }) => take(target.files)}
        />
      </label>
      <label>
        or a folder
        <input
          type="file"
          className="field"
          data-testid="recipe-folder"
          // Not an attribute React knows; every browser with folder pickers does.
          ref={(input) => input?.setAttribute("webkitdirectory", "")}
          onChange={({ target }) => take(target.files)}
        />
      </label>
      <p className="quiet" aria-live="polite">
        {files.length === 0
          ? "No file chosen."
          : `${formatNumberOf(files.length, "file")}, ${formatBytes(
              files.reduce((sum, { file }) => sum + file.size, 0),
            )}. They are read here and sent nowhere.`}
      </p>
    </fieldset>
  );
}

/** A file with its path inside the chosen folder, without the folder's own name. */
function sourceFile(file: File): SourceFile {
  // Absent where the browser has no folder picker.
  const relative: string | undefined = file.webkitRelativePath;
  const inside = relative?.split("/").slice(1).join("/");
  return { path: inside || file.name, file };
}
