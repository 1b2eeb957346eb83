import { lazy, Suspense } from "react";
import type { WholeHub } from "../../../core/domain/hub";
import { ErrorNote } from "../../components/ErrorNote";
import { isHubWith, useAllHubs } from "../../components/hubsOf";
import { SelectField } from "../../components/SelectField";
import { useProject } from "../../components/projectContext";
import { StepHead } from "../../components/StepHead";
import { Tabs } from "../../components/Tabs";
import { AddTab } from "./AddTab";
import { HubStart } from "./HubStart";
import { MembersTab } from "./MembersTab";
import { HUB_TABS, useHubPlace } from "./useHubPlace";

const HubQueryTab = lazy(async () => ({
  default: (await import("./query/HubQueryTab")).HubQueryTab,
}));
const HubTestsTab = lazy(async () => ({
  default: (await import("./tests/HubTestsTab")).HubTestsTab,
}));

/** The Hub step: frozen shared spaces, who joined them, and questions across all of them. */
export function HubPanel() {
  const { project } = useProject();
  const { value: all, error } = useAllHubs();
  const { hubId, isNew } = useHubPlace();
  if (error || !all) {
    return (
      <>
        <h1>Hub</h1>
        {error ? <ErrorNote error={error} /> : <p className="quiet">Loading…</p>}
      </>
    );
  }
  const mine = all.filter((whole) => isHubWith(whole, project.id));
  const named = all.find(({ hub }) => hub.id === hubId);
  const whole = named ?? mine[0];
  if (isNew || !whole) return <HubStart hubs={all} hasHub={mine.length > 0} />;
  const listed = mine.includes(whole) ? mine : [whole, ...mine];
  return <HubView key={whole.hub.id} whole={whole} listed={listed} />;
}

interface HubViewProps {
  readonly whole: WholeHub;
  /** The hubs to choose from. */
  readonly listed: readonly WholeHub[];
}

function HubView({ whole, listed }: HubViewProps) {
  const { tab, open } = useHubPlace();
  const { id } = whole.hub;
  return (
    <div className="stack loose">
      <StepHead
        title="Hub"
        tabs={
          <Tabs
            names={HUB_TABS}
            tab={tab}
            label="Parts of the hub"
            panelId="hub-panel"
            onOpen={(next) => open(next, id)}
          />
        }
      >
        {listed.length > 1 && (
          <SelectField
            labelled="beside"
            label="Hub"
            options={listed.map(({ hub }) => hub)}
            value={id}
            onChange={(chosen) => open(tab, chosen)}
          />
        )}
      </StepHead>
      <div role="tabpanel" id="hub-panel" aria-labelledby={`tab-${tab}`}>
        <Suspense fallback={<p className="quiet">Loading…</p>}>
          {tab === "members" && <MembersTab {...whole} />}
          {tab === "add" && <AddTab {...whole} />}
          {tab === "query" && <HubQueryTab {...whole} />}
          {tab === "tests" && <HubTestsTab {...whole} />}
        </Suspense>
      </div>
    </div>
  );
}
