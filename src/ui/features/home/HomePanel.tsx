import { useState } from "react";
import { Link } from "wouter";
import { sampleById } from "../../../core/catalogue/samples";
import { ErrorNote } from "../../components/ErrorNote";
import { formatBytes } from "../../components/formatting";
import { PrivacyLine } from "../../components/PrivacyLine";
import { useDevice } from "../../components/useDevice";
import { useStorageUse } from "../../components/useStorageUse";
import styles from "./HomePanel.module.css";
import { OpenProjectButton, OpenProjectStatus } from "./OpenProject";
import { Pipeline } from "./Pipeline";
import { ProjectList } from "./ProjectList";
import { RecipeDrop } from "./RecipeDrop";
import { useDroppedFile } from "./useDroppedFile";
import { useHome } from "./useHome";
import { useProjectFile } from "./useProjectFile";

/** The first screen: what this is, two ways to start, and what was started before. */
export function HomePanel() {
  const { list, lastSaved, create, trySample, openRecipe, openSampleRecipe, error, dismiss } =
    useHome();
  const [starting, setStarting] = useState(false);
  const once = (start: () => Promise<void>) => {
    setStarting(true);
    void start().finally(() => setStarting(false));
  };
  const sample = sampleById("emoji");
  const projectFile = useProjectFile();
  const drop = useDroppedFile((file) =>
    /\.json$/i.test(file.name) ? openRecipe(file) : projectFile.open(file),
  );
  return (
    <div className={`${styles.home} ${drop.isOver ? styles.over : ""}`} {...drop.handlers}>
      <section className={styles.start}>
        <h1>Align two frozen encoders into one shared space, from your own pairs.</h1>
        <p className={styles.lead}>
          Import pictures with captions, encode them once, train two small projectors, and search by
          words or by picture. Sounds and sensor recordings can join afterwards. All of it runs in
          this browser.
        </p>
        <div className="actions">
          <button
            type="button"
            className="button primary"
            disabled={starting}
            onClick={() => once(() => trySample("emoji"))}
          >
            Try the emoji sample
          </button>
          <button type="button" className="button" disabled={starting} onClick={() => once(create)}>
            New project
          </button>
          <OpenProjectButton file={projectFile} />
        </div>
        <p className="quiet">
          The sample: {sample.summary}, {formatBytes(sample.sizeBytes)}.
        </p>
        <OpenProjectStatus file={projectFile} />
        {error && <ErrorNote error={error} onDismiss={dismiss} />}
      </section>
      <Pipeline />
      <ProjectList projects={list.value} lastSaved={lastSaved} error={list.error} />
      <footer className={styles.foot}>
        <div>
          <RecipeDrop onFile={openRecipe} />
          <button type="button" className="button quiet" onClick={() => void openSampleRecipe()}>
            Open the emoji recipe
          </button>
        </div>
        <Facts />
      </footer>
    </div>
  );
}

function Facts() {
  const { info } = useDevice();
  const storage = useStorageUse();
  return (
    <div className={styles.facts}>
      <p className="quiet">
        {info ? `Computes on ${info.label}` : "Looking for a device"}
        {info?.reason && ` (${info.reason})`}.
        {storage && ` ${formatBytes(storage.usedBytes)} stored in this browser.`}
      </p>
      <PrivacyLine />
      <p>
        <Link href="/licences">Licences</Link>
      </p>
    </div>
  );
}
