import type { CSSProperties } from "react";
import type { Found } from "../../../../app/explaining";
import { useServices } from "../../../../app/services";
import type { TakenApart, WordDrop, WordDrops } from "../../../../core/domain/explanation";
import { useProject } from "../../../components/projectContext";
import styles from "./Explain.module.css";
import { ExplanationState } from "./ExplanationState";
import { checkWords, decimal } from "./mapWords";
import { useExplanation } from "./useExplanation";

interface WordsViewProps {
  readonly found: Found;
  readonly question: string;
  readonly step: number;
}

/** What each word of the query, or of the caption found, adds to the score. */
export function WordsView({ found, question, step }: WordsViewProps) {
  const { explaining } = useServices();
  const { project } = useProject();
  const explained = useExplanation(question, step, (context) =>
    explaining.words(project, found, context),
  );
  return (
    <div className={styles.section}>
      <ExplanationState explained={explained} label="Words" />
      {explained.value === null && (
        <p className={styles.note}>There are not two words to choose from.</p>
      )}
      {explained.value && <Words drops={explained.value} />}
    </div>
  );
}

function Words({ drops }: { readonly drops: WordDrops }) {
  const { texts, score, check, of, total } = drops;
  const words = texts.flatMap((text) => text.words);
  const strongest = Math.max(...words.map(({ drop }) => Math.abs(drop)), 1e-9);
  return (
    <>
      {texts.map((text, i) => (
        <TintedText key={i} text={text} strongest={strongest} />
      ))}
      <p className={styles.note}>
        Score {decimal(score)}; the number is what it loses when the word is left out of the {of}.{" "}
        {checkWords(check, "words")}
        {words.length < total && ` The first ${words.length} of ${total} words.`}
      </p>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Word</th>
            <th scope="col" className="number">
              Counts for
            </th>
          </tr>
        </thead>
        <tbody>
          {words.map(({ word, drop }, i) => (
            <tr key={i}>
              <th scope="row" dir="auto">
                {word}
              </th>
              <td className="number">{signed(drop)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** The text as written; words that count are tinted, those that count against are struck dotted. */
function TintedText({ text: { text, words }, strongest }: { text: TakenApart; strongest: number }) {
  const parts: (string | WordDrop)[] = [];
  let at = 0;
  for (const word of words) {
    parts.push(text.slice(at, word.start), word);
    at = word.end;
  }
  parts.push(text.slice(at));
  return (
    <p className={styles.text} dir="auto">
      {parts.map((part, i) =>
        typeof part === "string" ? (
          part
        ) : (
          <span
            key={i}
            className={part.drop < 0 ? styles.against : styles.word}
            style={{ "--share": Math.abs(part.drop) / strongest } as CSSProperties}
            title={signed(part.drop)}
          >
            {part.word}
          </span>
        ),
      )}
    </p>
  );
}

const signed = (value: number) => `${value < 0 ? "" : "+"}${decimal(value)}`;
