import { useEffect } from "react";
import { useLocation } from "wouter";
import { AppError } from "../../../core/errors";
import { decodeQuery } from "../../../core/formats/queryLink";
import { useProject } from "../../components/projectContext";
import { useQueryPlace } from "./useQueryPlace";
import type { SavedCommands } from "./useSavedQueries";

/** Asks the query in the address once, and takes it out of the address. */
export function useLinkedQuery(saved: SavedCommands): void {
  const { project } = useProject();
  const { linked } = useQueryPlace();
  const [, navigate] = useLocation();
  useEffect(() => {
    if (linked === undefined) return;
    try {
      saved.follow(decodeQuery(linked));
    } catch (thrown) {
      saved.fail(AppError.from(thrown));
    }
    navigate(`/p/${project.id}/query/search`, { replace: true });
    // Only the address asks: the commands are new at every drawing.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [linked, navigate, project.id]);
}
