import type { HubMember } from "../../../../core/domain/hub";
import { SelectField } from "../../../components/SelectField";
import styles from "./HubTests.module.css";
import type { Sources } from "./useSources";

interface SourceChoiceProps {
  readonly members: readonly HubMember[];
  readonly choice: Sources;
}

/** Which members make up a query, and whose items are to be found. */
export function SourceChoice({ members, choice }: SourceChoiceProps) {
  const { sources, target } = choice;
  return (
    <>
      <fieldset className={styles.choices}>
        <legend>Ask with</legend>
        {members
          .filter(({ id }) => id !== target)
          .map(({ id, name }) => (
            <label key={id}>
              <input
                type="checkbox"
                checked={sources.includes(id)}
                onChange={(event) => choice.use(id, event.target.checked)}
              />
              {name}
            </label>
          ))}
      </fieldset>
      <SelectField label="Find" options={members} value={target} onChange={choice.find} />
    </>
  );
}
