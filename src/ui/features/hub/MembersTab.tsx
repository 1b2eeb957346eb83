import { useState } from "react";
import { Link } from "wouter";
import { useEncoders, useLoaded, useServices } from "../../../app/services";
import type { HubMember, WholeHub } from "../../../core/domain/hub";
import { AppError } from "../../../core/errors";
import { ErrorNote } from "../../components/ErrorNote";
import { formatCount, formatDate } from "../../components/formatting";
import { useProject } from "../../components/projectContext";
import { Toast } from "../../components/Toast";
import { Digest } from "./Digest";
import { FrozenLine } from "./FrozenLine";
import { GraphSection } from "./GraphSection";
import { HubActions } from "./HubActions";
import { HubJoins } from "./JoinStatus";
import { MemberRow } from "./MemberRow";
import styles from "./Members.module.css";
import { SensePackInput } from "./SensePackInput";
import { useHubPlace } from "./useHubPlace";

/** What a hub was frozen from, its graph, and everyone in it. */
export function MembersTab({ hub, members }: WholeHub) {
  const { stores } = useServices();
  const { canEdit } = useProject();
  const { pathOf } = useHubPlace();
  const encoders = useEncoders();
  const { value: projects } = useLoaded("projects", () => stores.projects.list(), ["projects"]);
  const changes = useMemberChanges();
  const context = { members, encoders, projects: projects ?? [] };
  return (
    <div className={styles.tab}>
      <header className={styles.head}>
        <div>
          <h2>{hub.name}</h2>
          <p className="quiet">
            {formatCount(hub.dimension)} wide, frozen {formatDate(hub.createdAt)} from{" "}
            {hub.source.kind === "run"
              ? `the run ${hub.source.runName}, step ${formatCount(hub.source.step)}`
              : "the text encoder alone"}
          </p>
          <Digest of="the hub" digest={hub.digest} />
        </div>
        <Link className="button primary" href={pathOf("add", hub.id)}>
          Add a modality
        </Link>
      </header>
      <FrozenLine hub={hub} members={members} />
      <HubJoins whole={{ hub, members }} />
      <GraphSection hub={hub} members={members} />
      {changes.error && <ErrorNote error={changes.error} onDismiss={changes.dismiss} />}
      {projects && (
        <section className={styles.members} aria-label="Members">
          {members.map((member) => (
            <MemberRow
              key={member.id}
              {...{ member, context, canEdit }}
              onRemove={() => void changes.remove(member)}
            />
          ))}
        </section>
      )}
      <SensePackInput hub={hub} canEdit={canEdit} onAdded={changes.added} />
      <HubActions hub={hub} members={members} />
      <Toast
        words={changes.words}
        busy={!canEdit}
        onUndo={changes.removed ? () => void changes.restore() : undefined}
        onDismiss={changes.dismiss}
      />
    </div>
  );
}

/** Members taken out and put back, with what to say about it. */
function useMemberChanges() {
  const { hubs } = useServices();
  const [removed, setRemoved] = useState<HubMember | null>(null);
  const [words, setWords] = useState<string>();
  const [error, setError] = useState<AppError | null>(null);
  const command = async (work: () => Promise<void>) => {
    setError(null);
    try {
      await work();
    } catch (thrown) {
      setError(AppError.from(thrown));
    }
  };
  return {
    removed,
    words,
    error,
    remove: (member: HubMember) =>
      command(async () => {
        await hubs.removeMember(member.hubId, member.id);
        setRemoved(member);
        setWords(`${member.name} removed; the other members stay as they are.`);
      }),
    restore: () =>
      command(async () => {
        if (!removed) return;
        await hubs.restoreMember(removed);
        setRemoved(null);
        setWords(`${removed.name} is back.`);
      }),
    added: ({ name }: HubMember) => {
      setRemoved(null);
      setWords(`${name} added.`);
    },
    dismiss: () => {
      setRemoved(null);
      setWords(undefined);
      setError(null);
    },
  };
}
