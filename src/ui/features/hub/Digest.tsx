import { CopyButton } from "../../components/CopyButton";
import styles from "./Members.module.css";

interface DigestProps {
  /** Whose digest it is, for the button. */
  readonly of: string;
  /** SHA-256, hex. */
  readonly digest: string;
}

/** The first letters of a digest, and the whole to copy. */
export function Digest({ of, digest }: DigestProps) {
  return (
    <span className={styles.digest}>
      <span className="mono" title={digest}>
        {digest.slice(0, 12)}
      </span>
      <CopyButton name={`Copy digest of ${of}`} text={() => digest} />
    </span>
  );
}
