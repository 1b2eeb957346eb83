import type { RunFacts } from "./runFacts";

/** Which runs the table shows; an empty text or choice lets all pass. */
export interface RunFilterChoice {
  readonly sought: string;
  readonly method: string;
  readonly status: string;
  readonly sweep: string;
}

export const NO_FILTER: RunFilterChoice = { sought: "", method: "", status: "", sweep: "" };

/** Runs that hold every word sought in name, notes or any shown word, and match the choices. */
export function filterRuns(
  runs: readonly RunFacts[],
  { sought, method, status, sweep }: RunFilterChoice,
): readonly RunFacts[] {
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean);
  return runs.filter((facts) => {
    if (method && facts.method !== method) return false;
    if (status && facts.status !== status) return false;
    if (sweep && facts.run.sweep?.id !== sweep) return false;
    const { run, data, encoders, seeds } = facts;
    const shown = [run.name, run.notes, facts.method, facts.status, facts.sweep];
    const text = [...shown, data, encoders, seeds].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The choices the menus offer: what the runs are of. */
export function filterOptions(runs: readonly RunFacts[]) {
  const distinct = (texts: readonly string[]) => [...new Set(texts)].sort();
  const sweeps = new Map(
    runs.flatMap(({ run }) => (run.sweep ? [[run.sweep.id, run.sweep.name]] : [])),
  );
  return {
    methods: distinct(runs.map(({ method }) => method)),
    statuses: distinct(runs.map(({ status }) => status)),
    sweeps: [...sweeps].map(([id, name]) => ({ id, name })),
  };
}
