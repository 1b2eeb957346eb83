import { useState } from "react";
import { useLoaded, useServices } from "../../../app/services";
import type { Project } from "../../../core/domain/project";
import { AppError } from "../../../core/errors";
import type { AlignForm } from "./alignForm";

/**
 * The Align form of a project, kept as it is typed: leaving the step or the page loses nothing.
 *
 * @param start what the form opens with when nothing was typed yet.
 * @param onError told when it could not be kept; it holds on screen nevertheless.
 */
export function useAlignForm(
  project: Project,
  start: AlignForm,
  onError: (error: AppError) => void,
): [AlignForm, (form: AlignForm) => void] {
  const { settings } = useServices().stores;
  const name = `align-form/${project.id}`; // deleted with the project (storage/projectStore.ts)
  const stored = useLoaded(name, () => settings.get(name), []).value;
  const [typed, setTyped] = useState<AlignForm>();
  const change = (form: AlignForm) => {
    setTyped(form);
    settings.put(name, form).catch((thrown: unknown) => onError(AppError.from(thrown)));
  };
  return [typed ?? (isLike(stored, start) ? stored : start), change];
}

/** Another version may have stored a form of other fields. */
function isLike(stored: unknown, form: AlignForm): stored is AlignForm {
  if (typeof stored !== "object" || stored === null) return false;
  const fields = Object.entries(form);
  const kept = new Map(Object.entries(stored));
  return (
    kept.size === fields.length &&
    fields.every(([field, value]) => typeof kept.get(field) === typeof value)
  );
}
