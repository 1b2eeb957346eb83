import { EmptyState } from "../../components/EmptyState";

/** Frozen shared spaces and the modalities that joined them. */
export function HubPanel() {
  return (
    <>
      <h1>Hub</h1>
      <EmptyState title="No hub yet">
        <p>Train a run on the Align screen first; then it can be frozen here.</p>
      </EmptyState>
    </>
  );
}
