import { useState } from "react";
import type { EditRequest } from "../../../core/domain/edit";
import type { ProjectData } from "../../../core/domain/project";
import { Dialog } from "../../components/Dialog";
import { SplitSettings } from "./SplitSettings";

interface ResplitDialogProps {
  readonly data: ProjectData;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onApply: (request: EditRequest) => void;
}

/** Divides the pairs anew: by which groups, in which shares, from which seed. */
export function ResplitDialog({ data, open, onClose, onApply }: ResplitDialogProps) {
  const [split, setSplit] = useState(data.split);
  const columns = data.labelColumns.map((column) => ({ column, role: "label" as const }));
  const known = columns.some(({ column }) => column === split.group);
  const shown = known ? split : { ...split, group: "auto" };
  return (
    <Dialog title="Draw the splits again" open={open} onClose={onClose}>
      <p>
        Pairs of one group stay together; captions and pictures that are shared count as one group.
        {data.report.splitSource === "column" &&
          " The splits that came with the data are replaced; undo brings them back."}
      </p>
      <SplitSettings mapping={columns} split={shown} onChange={setSplit} />
      <div className="row">
        <button
          type="button"
          className="button primary"
          disabled={shown.validation + shown.test >= 1}
          onClick={() => {
            onClose();
            onApply({ kind: "resplit", together: [], spec: shown });
          }}
        >
          Draw the splits
        </button>
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </Dialog>
  );
}
