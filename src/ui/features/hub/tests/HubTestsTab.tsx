import type { WholeHub } from "../../../../core/domain/hub";
import { DegradeTest } from "./DegradeTest";
import { HubLagTest } from "./HubLagTest";
import styles from "./HubTests.module.css";
import { MissingTest } from "./MissingTest";

/** What a hub is worth when parts of a query are missing, spoilt, or out of step. */
export function HubTestsTab({ hub, members }: WholeHub) {
  // Those that came as a sense pack have no items to test with.
  const testable = members.filter(({ data }) => data !== null);
  if (testable.length < 2) {
    return (
      <p className={styles.intro}>
        Tests ask held-out items of some members for those of another, so they need two members with
        items. Add a modality first.
      </p>
    );
  }
  return (
    <div className={styles.tests}>
      <MissingTest hub={hub} members={testable} />
      <DegradeTest hub={hub} members={testable} />
      <HubLagTest hub={hub} members={testable} />
    </div>
  );
}
