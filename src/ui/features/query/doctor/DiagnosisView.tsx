import type { Pair } from "../../../../core/domain/dataset";
import { canJudge, type Diagnosis } from "../../../../core/domain/diagnosis";
import type { Run } from "../../../../core/domain/run";
import { useState } from "react";
import type { ItemCache } from "../../../components/search/itemCache";
import { doctorKeys } from "./doctorKeys";
import { LineControls } from "./LineControls";
import { LineList } from "./LineList";
import { PairSheet } from "./PairSheet";
import { RetrainPanel } from "./RetrainPanel";
import { SelfTestNote } from "./SelfTestNote";
import { TableFaults } from "./TableFaults";
import { useLines } from "./useLines";
import { EditingToast } from "../../../components/EditingToast";
import { useEditing } from "../../../components/useEditing";
import { useSingleKeys } from "./useSingleKeys";

interface DiagnosisViewProps {
  readonly diagnosis: Diagnosis;
  readonly pairs: readonly Pair[];
  readonly items: ItemCache;
  readonly run: Run;
  readonly canEdit: boolean;
}

/** What was found: the self-test first, then faults of the table, then pair by pair. */
export function DiagnosisView({ diagnosis, pairs, items, run, canEdit }: DiagnosisViewProps) {
  const lines = useLines(diagnosis, pairs);
  const repairs = useEditing();
  const keys = useSingleKeys();
  const isSure = canJudge(diagnosis.selfTest);
  const [isAsked, setAsked] = useState(false);
  const common = { diagnosis, pairs, items, repairs, canEdit };
  const onKeyDown = doctorKeys({ ...common, lines, isOn: keys.isOn });
  const { opened } = lines;
  return (
    <>
      <SelfTestNote diagnosis={diagnosis} />
      <TableFaults {...common} />
      <RetrainPanel run={run} />
      {isSure || isAsked ? (
        <section aria-labelledby="ranking" onKeyDown={onKeyDown}>
          <h2 id="ranking">Pair by pair</h2>
          <LineControls {...common} lines={lines} keys={keys} />
          <LineList {...{ diagnosis, pairs, items, lines, canEdit }} />
          {opened !== null && (
            <PairSheet
              key={opened}
              {...common}
              place={opened}
              onStep={lines.step}
              onClose={() => lines.open(null)}
            />
          )}
        </section>
      ) : (
        <button type="button" className="button" onClick={() => setAsked(true)}>
          Show the ranking all the same
        </button>
      )}
      <EditingToast editing={repairs} />
    </>
  );
}
