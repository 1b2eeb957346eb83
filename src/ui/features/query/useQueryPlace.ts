import { useLocation, useRoute } from "wouter";
import { useProject } from "../../components/projectContext";

/** Ways to query, in the order of their tabs; each has an address. */
export const QUERY_TABS = ["search", "classify", "map", "doctor"] as const;

export type QueryTab = (typeof QUERY_TABS)[number];

interface Place {
  readonly [name: string]: string | undefined;
  readonly tab?: string | undefined;
  readonly linked?: string | undefined;
}

/** Which tab the address names, whether it carries a query, and the way to another tab. */
export function useQueryPlace() {
  const { project } = useProject();
  const [, navigate] = useLocation();
  const [, params] = useRoute<Place>("/p/:id/query/:tab?/:linked?");
  return {
    tab: QUERY_TABS.find((id) => id === params?.tab) ?? "search",
    /** A query as `encodeQuery` wrote it, valid or not. */
    linked: params?.linked,
    open: (tab: QueryTab) => navigate(`/p/${project.id}/query/${tab}`),
  } as const;
}
