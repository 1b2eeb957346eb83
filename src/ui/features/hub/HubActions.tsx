import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useServices } from "../../../app/services";
import type { WholeHub } from "../../../core/domain/hub";
import { AppError } from "../../../core/errors";
import { Dialog } from "../../components/Dialog";
import { ErrorNote } from "../../components/ErrorNote";
import { formatNumberOf } from "../../components/formatting";
import { useProject } from "../../components/projectContext";
import styles from "./Members.module.css";
import { useHubPlace } from "./useHubPlace";

/** Renames or deletes a hub, or starts another one. */
export function HubActions({ hub, members }: WholeHub) {
  const { canEdit } = useProject();
  const { pathOf } = useHubPlace();
  const [asking, setAsking] = useState<"rename" | "delete" | null>(null);
  return (
    <div className={styles.actions}>
      <button
        type="button"
        className="button quiet"
        disabled={!canEdit}
        onClick={() => setAsking("rename")}
      >
        Rename this hub
      </button>
      <button
        type="button"
        className="button quiet"
        disabled={!canEdit}
        onClick={() => setAsking("delete")}
      >
        Delete this hub
      </button>
      <Link className="button quiet" href={pathOf("new")}>
        Make another hub
      </Link>
      <RenameHub hub={hub} open={asking === "rename"} onClose={() => setAsking(null)} />
      <DeleteHub
        hub={hub}
        members={members}
        open={asking === "delete"}
        onClose={() => setAsking(null)}
      />
    </div>
  );
}

interface HubDialogProps extends Pick<WholeHub, "hub"> {
  readonly open: boolean;
  readonly onClose: () => void;
}

function RenameHub({ hub, open, onClose }: HubDialogProps) {
  const { hubs } = useServices();
  const [error, setError] = useState<AppError | null>(null);
  const rename = async (data: FormData) => {
    const name = String(data.get("name")).trim();
    try {
      if (name && name !== hub.name) await hubs.rename(hub.id, name);
      onClose();
    } catch (thrown) {
      setError(AppError.from(thrown));
    }
  };
  return (
    <Dialog title="Rename this hub" open={open} onClose={onClose}>
      <form action={rename} className={styles.form}>
        <label>
          Name <input className="field" name="name" defaultValue={hub.name} maxLength={200} />
        </label>
        {error && <ErrorNote error={error} />}
        <div className={styles.actions}>
          <button type="button" className="button" onClick={onClose}>
            Keep the name
          </button>
          <button type="submit" className="button primary">
            Rename
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function DeleteHub({ hub, members, open, onClose }: HubDialogProps & WholeHub) {
  const { hubs } = useServices();
  const { project } = useProject();
  const [, navigate] = useLocation();
  const [error, setError] = useState<AppError | null>(null);
  const joined = members.filter((member) => member.joined).length;
  const remove = async () => {
    try {
      await hubs.remove(hub.id);
      onClose();
      navigate(`/p/${project.id}/hub`);
    } catch (thrown) {
      setError(AppError.from(thrown));
    }
  };
  return (
    <Dialog title="Delete this hub?" open={open} onClose={onClose}>
      <p>
        “{hub.name}” is removed
        {joined > 0 &&
          `, with the projectors and figures of ${formatNumberOf(joined, "member")} that joined it`}
        . Projects with their data, embeddings and runs stay, also those whose items joined; sense
        packs that were saved only fit a hub frozen from the same numbers.
      </p>
      {error && <ErrorNote error={error} />}
      <div className={styles.actions}>
        <button type="button" className="button" onClick={onClose}>
          Keep it
        </button>
        <button type="button" className="button danger" onClick={() => void remove()}>
          Delete hub
        </button>
      </div>
    </Dialog>
  );
}
