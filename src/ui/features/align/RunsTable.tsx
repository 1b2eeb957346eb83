import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { Aligning } from "../../../app/aligning";
import { isActive } from "../../../app/jobs";
import { useEncoders, useServices } from "../../../app/services";
import type { Recipe } from "../../../core/domain/recipe";
import type { Run } from "../../../core/domain/run";
import { formatCount, formatNumberOf } from "../../components/formatting";
import { useProject } from "../../components/projectContext";
import { SortHeader } from "../../components/SortHeader";
import { sortRows, useSortOrder } from "../../components/sorting";
import { DIRECTION_NAMES, DIRECTIONS } from "../../components/directions";
import { BaselineRows } from "./BaselineRows";
import { ColumnChoice } from "./ColumnChoice";
import { CompareRuns } from "./CompareRuns";
import { DeleteRunDialog } from "./DeleteRunDialog";
import { defaultColumns, runColumns, type RunColumn } from "./runColumns";
import { factsOf, testedKs, type RunFacts } from "./runFacts";
import { RunFilter } from "./RunFilter";
import { filterRuns, NO_FILTER } from "./filterRuns";
import { RunRow, type RunRowCommands } from "./RunRow";
import { ScrollTable } from "../../components/ScrollTable";
import styles from "./RunsTable.module.css";
import { SaveRuns } from "./SaveRuns";
import { useColumnChoice } from "./useColumnChoice";
import type { Runs } from "./useRuns";

const SHOWN = 200; // rows a reader and a phone can bear; the rest is one click away

interface RunsTableProps {
  readonly runs: Runs;
  readonly list: readonly Run[];
  /** Puts a run's settings into the form, to be changed and run again. */
  readonly onDuplicate: (recipe: Recipe) => void;
}

/** All runs of the project to find, sort, choose, compare, save and delete. */
export function RunsTable({ runs, list, onDuplicate }: RunsTableProps) {
  const facts = useRunFacts(list);
  const table = useTable(facts, runs);
  const { shown, columns, checked } = table;
  const [doomed, setDoomed] = useState<Run | null>(null);
  const [isWhole, setIsWhole] = useState(false);
  const { canEdit } = useProject();
  const commands = useCommands({
    select: runs.select,
    check: table.check,
    duplicate: ({ recipe }) => onDuplicate(recipe),
    remove: setDoomed,
  });
  const rows = isWhole ? shown : shown.slice(0, SHOWN);
  const { selected } = runs;
  return (
    <section className={styles.runs} aria-label="Runs">
      <div className={styles.bar}>
        <h2>Runs</h2>
        <RunFilter
          runs={facts}
          shown={shown.length}
          choice={table.filter}
          onChange={table.setFilter}
        />
        <ColumnChoice {...table.columnChoice} />
        <SaveRuns runs={shown} />
      </div>
      <ScrollTable label="Table of runs" className={styles.table} isOneLine>
        <RunsHead columns={columns} order={table.order} onSort={table.sortBy} />
        <tbody>
          {rows.map((each) => (
            <RunRow
              key={each.run.id}
              facts={each}
              columns={columns}
              isSelected={selected?.id === each.run.id}
              isChecked={checked.has(each.run.id)}
              canEdit={canEdit}
              commands={commands}
            />
          ))}
        </tbody>
        {selected && <BaselineRows run={selected} columns={columns} />}
      </ScrollTable>
      {shown.length === 0 && (
        <p>
          No run matches.{" "}
          <button type="button" className="button" onClick={() => table.setFilter(NO_FILTER)}>
            Show all {formatNumberOf(facts.length, "run")}
          </button>
        </p>
      )}
      {rows.length < shown.length && (
        <p>
          The first {formatCount(rows.length)} of {formatCount(shown.length)}.{" "}
          <button type="button" className="button" onClick={() => setIsWhole(true)}>
            Show all
          </button>
        </p>
      )}
      <p className="footnote">
        Test results. ± is half the 95 % interval over queries; SD the standard deviation over
        seeds. Tick runs to compare them.
      </p>
      <CompareRuns runs={facts.filter(({ run }) => checked.has(run.id)).map(({ run }) => run)} />
      <DeleteRunDialog run={doomed} onDelete={runs.remove} onClose={() => setDoomed(null)} />
    </section>
  );
}

/** Commands that stay the same object, so that rows remember what they drew, and act on the newest. */
function useCommands(newest: RunRowCommands): RunRowCommands {
  const latest = useRef(newest);
  useEffect(() => {
    latest.current = newest;
  });
  return useMemo(
    () => ({
      select: (runId) => latest.current.select(runId),
      check: (runId, isChecked) => latest.current.check(runId, isChecked),
      duplicate: (run) => latest.current.duplicate(run),
      remove: (run) => latest.current.remove(run),
    }),
    [],
  );
}

/** The runs in words; the same objects until a run, an encoder or what trains changes. */
function useRunFacts(list: readonly Run[]): readonly RunFacts[] {
  const { jobs } = useServices();
  const encoders = useEncoders();
  const states = useSyncExternalStore(jobs.subscribe, jobs.all);
  const active = list
    .map(({ id }) => id)
    .filter((id) => {
      const job = states.get(Aligning.job(id));
      return job !== undefined && isActive(job);
    })
    .join(" ");
  return useMemo(() => {
    const ids = new Set(active.split(" "));
    return list.map((run) => factsOf(run, { encoders, isActive: ids.has(run.id) }));
  }, [list, encoders, active]);
}

/** What the table shows: columns, filter, order, and which rows are ticked. */
function useTable(facts: readonly RunFacts[], runs: Runs) {
  const [filter, setFilter] = useState(NO_FILTER);
  const { order, sortBy } = useSortOrder<string>({ column: "created", down: true });
  const [checked, setChecked] = useState<ReadonlySet<string>>(new Set());
  const { chosen, choose } = useColumnChoice(runs.refuse);
  const { all, columns } = useMemo(() => {
    const ks = testedKs(facts.map(({ run }) => run));
    const ids = new Set(chosen ?? defaultColumns(facts, ks));
    const everything = runColumns(ks);
    return { all: everything, columns: everything.filter(({ id }) => ids.has(id)) };
  }, [facts, chosen]);
  const shown = useMemo(() => {
    const sought = filterRuns(facts, filter);
    const value =
      order.column === "name" ? nameOf : all.find(({ id }) => id === order.column)?.value;
    return value ? sortRows(sought, value, order.down) : sought;
  }, [facts, filter, order, all]);
  const check = (runId: string, isChecked: boolean) =>
    setChecked((before) => {
      const after = new Set(before);
      if (isChecked) after.add(runId);
      else after.delete(runId);
      return after;
    });
  const columnChoice = {
    columns: all,
    shown: new Set(columns.map(({ id }) => id)),
    onChange: choose,
  };
  return { filter, setFilter, order, sortBy, checked, check, columns, shown, columnChoice };
}

const nameOf = ({ run }: RunFacts) => run.name;

interface RunsHeadProps {
  readonly columns: readonly RunColumn[];
  readonly order: { readonly column: string; readonly down: boolean };
  readonly onSort: (column: string, options?: { downFirst?: boolean }) => void;
}

function RunsHead({ columns, order, onSort }: RunsHeadProps) {
  const before = columns.findIndex(({ group }) => group);
  const groups = DIRECTIONS.map((direction) => ({
    direction,
    span: columns.filter(({ group }) => group === direction).length,
  })).filter(({ span }) => span > 0);
  const after = columns.findLastIndex(({ group }) => group);
  return (
    <thead>
      <tr className={styles.groups}>
        <td colSpan={1 + Math.max(0, before)} />
        {groups.map(({ direction, span }) => (
          <th key={direction} scope="colgroup" colSpan={span}>
            {DIRECTION_NAMES[direction]}
          </th>
        ))}
        <td colSpan={columns.length - after} />
      </tr>
      <tr>
        <SortHeader column="name" order={order} onSort={onSort}>
          Name
        </SortHeader>
        {columns.map(({ id, words, group, isNumber = false }) => (
          <SortHeader key={id} column={id} order={order} onSort={onSort} isNumber={isNumber}>
            {group && <span className="visually-hidden">{DIRECTION_NAMES[group]}</span>} {words}
          </SortHeader>
        ))}
        <th scope="col">
          <span className="visually-hidden">Actions</span>
        </th>
      </tr>
    </thead>
  );
}
