import type { ReactNode } from "react";
import { ErrorBoundary } from "../../components/ErrorBoundary";
import styles from "./PageFrame.module.css";
import { TopBar } from "./TopBar";

interface PageFrameProps {
  readonly crumb?: ReactNode;
  /** Navigation beside the content (under it on narrow screens). */
  readonly rail?: ReactNode;
  readonly children: ReactNode;
}

/** The frame every screen shares: top bar, rail, content. */
export function PageFrame({ crumb, rail, children }: PageFrameProps) {
  const skip = () => document.querySelector<HTMLElement>("main")?.focus();
  return (
    <>
      <button type="button" className={styles.skip} onClick={skip}>
        Skip to content
      </button>
      <TopBar crumb={crumb} />
      <div className={rail ? styles.withRail : styles.alone}>
        {rail}
        <main className={styles.main} tabIndex={-1}>
          <ErrorBoundary>{children}</ErrorBoundary>
        </main>
      </div>
    </>
  );
}
