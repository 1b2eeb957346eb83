import { useState } from "react";
import { useLoaded, useServices } from "../../../app/services";
import { AppError } from "../../../core/errors";

const SETTING = "runs-columns";

/**
 * Ids of the columns the visitor chose, kept in this browser; null for the usual ones.
 *
 * @param onError told when the choice could not be kept; it holds on screen nevertheless.
 */
export function useColumnChoice(onError: (error: AppError) => void) {
  const { settings } = useServices().stores;
  const stored = useLoaded(SETTING, () => settings.get(SETTING), []).value;
  const [chosen, setChosen] = useState<readonly string[] | null>();
  const choose = (ids: readonly string[] | null) => {
    setChosen(ids);
    settings.put(SETTING, ids).catch((thrown: unknown) => onError(AppError.from(thrown)));
  };
  return { chosen: chosen === undefined ? idsOf(stored) : chosen, choose };
}

/** Another version may have stored something else. */
function idsOf(stored: unknown): readonly string[] | null {
  return Array.isArray(stored) && stored.every((id) => typeof id === "string") ? stored : null;
}
