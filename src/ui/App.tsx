import { lazy, Suspense } from "react";
import { Redirect, Route, Router, Switch, useLocation } from "wouter";
import { useHashLocation } from "wouter/use-hash-location";
import { EmptyState } from "./components/EmptyState";
import { ForeignRequestsContext, useForeignRequestCount } from "./components/foreignRequests";
import { HomePanel } from "./features/home/HomePanel";
import { PageFrame } from "./features/shell/PageFrame";
import { ProjectFrame } from "./features/shell/ProjectFrame";
import { UnhandledErrors } from "./features/shell/UnhandledErrors";
import { useActiveJobs } from "./features/shell/useActiveJobs";
import { useLeaveGuard } from "./features/shell/useLeaveGuard";

const DataPanel = lazy(async () => ({
  default: (await import("./features/data/DataPanel")).DataPanel,
}));
const EncodePanel = lazy(async () => ({
  default: (await import("./features/encode/EncodePanel")).EncodePanel,
}));
const AlignPanel = lazy(async () => ({
  default: (await import("./features/align/AlignPanel")).AlignPanel,
}));
const QueryPanel = lazy(async () => ({
  default: (await import("./features/query/QueryPanel")).QueryPanel,
}));
const HubPanel = lazy(async () => ({
  default: (await import("./features/hub/HubPanel")).HubPanel,
}));
const TakeAwayPanel = lazy(async () => ({
  default: (await import("./features/takeAway/TakeAwayPanel")).TakeAwayPanel,
}));
const RecipePanel = lazy(async () => ({
  default: (await import("./features/recipe/RecipePanel")).RecipePanel,
}));
const LicencesPanel = lazy(async () => ({
  default: (await import("./features/licences/LicencesPanel")).LicencesPanel,
}));

const STEPS = {
  data: DataPanel,
  encode: EncodePanel,
  align: AlignPanel,
  query: QueryPanel,
  hub: HubPanel,
  "take-away": TakeAwayPanel,
} as const;

/** The whole page: the address after `#` chooses the screen. */
export function App() {
  const foreign = useForeignRequestCount();
  // Closing the page during a check or a measurement loses nothing.
  useLeaveGuard(useActiveJobs().some(([id]) => !/^(check|effects|check-hub|path)\//.test(id)));
  return (
    <ForeignRequestsContext value={foreign}>
      <Router hook={useHashLocation}>
        <Screens />
      </Router>
      <UnhandledErrors />
    </ForeignRequestsContext>
  );
}

function Screens() {
  const [location] = useLocation();
  if (location.startsWith("/recipe=")) {
    return (
      <PageFrame>
        <Suspense>
          <RecipePanel key={location} />
        </Suspense>
      </PageFrame>
    );
  }
  return (
    <Switch>
      <Route path="/">
        <PageFrame>
          <HomePanel />
        </PageFrame>
      </Route>
      <Route path="/licences">
        <PageFrame>
          <Suspense>
            <LicencesPanel />
          </Suspense>
        </PageFrame>
      </Route>
      <Route path="/p/:id">{({ id }) => <Redirect to={`/p/${id}/data`} replace />}</Route>
      {/* The Query step has addresses of its own below: its tab, and a query to ask there. */}
      <Route path="/p/:id/:step/*?">{({ id, step }) => <ProjectScreen {...{ id, step }} />}</Route>
      <Route>
        <NotFound />
      </Route>
    </Switch>
  );
}

function ProjectScreen({ id, step }: { readonly id: string; readonly step: string }) {
  const known = Object.keys(STEPS).find((name): name is keyof typeof STEPS => name === step);
  if (!known) return <NotFound />;
  const Panel = STEPS[known];
  return (
    <ProjectFrame key={id} projectId={id} step={known}>
      <Suspense>
        <Panel />
      </Suspense>
    </ProjectFrame>
  );
}

function NotFound() {
  return (
    <PageFrame>
      <h1 className="visually-hidden">Not found</h1>
      <EmptyState title="There is nothing at this address">
        <a href="#/">All projects</a>
      </EmptyState>
    </PageFrame>
  );
}
