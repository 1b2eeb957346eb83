import { useEffect, useEffectEvent } from "react";
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
  // Only the address asks: the commands are new at every drawing.
  const ask = useEffectEvent((query: string) => {
    try {
      saved.follow(decodeQuery(query));
    } catch (thrown) {
      saved.fail(AppError.from(thrown));
    }
  });
  useEffect(() => {
    if (linked === undefined) return;
    ask(linked);
    navigate(`/p/${project.id}/query/search`, { replace: true });
  }, [linked, navigate, project.id]);
}
