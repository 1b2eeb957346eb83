import { useEffect, useState } from "react";
import { useServices } from "../../../app/services";
import type { LabelComparison } from "../../../core/domain/classification";
import type { Project } from "../../../core/domain/project";
import { AppError } from "../../../core/errors";
import type { Classified } from "./useClassify";

/**
 * One label of a classification against all others, asked for when it is looked at; the label
 * before stays until the new one is there.
 */
export function useLabelFocus(project: Project, result: Classified, label: number) {
  const { querying } = useServices();
  // A box of our own: state that holds one number per picture would be compared and kept by React.
  const [box] = useState(() => ({ focus: undefined as LabelComparison | undefined }));
  const [, setVersion] = useState(0);
  const [error, setError] = useState<AppError | null>(null);
  useEffect(() => {
    let current = true;
    querying.compareLabel(project, result.runId, { ...result.asked, label }).then(
      (focus) => {
        if (!current) return;
        box.focus = focus;
        setVersion((version) => version + 1);
        setError(null);
      },
      (thrown: unknown) => current && setError(AppError.from(thrown)),
    );
    return () => {
      current = false;
    };
  }, [querying, project, result, label, box]);
  return { focus: box.focus, error };
}
