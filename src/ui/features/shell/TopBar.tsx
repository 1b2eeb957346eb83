import type { ReactNode } from "react";
import { Link } from "wouter";
import { RunningJobs } from "./RunningJobs";
import { Settings } from "./Settings";
import styles from "./TopBar.module.css";

/** Where the visitor is, what runs, and on what. */
export function TopBar({ crumb }: { readonly crumb?: ReactNode }) {
  return (
    <header className={styles.bar}>
      <div className={styles.place}>
        <Link href="/" className={styles.home}>
          Playground
        </Link>
        {crumb && (
          <>
            <span aria-hidden="true" className="quiet">
              ▸
            </span>
            {crumb}
          </>
        )}
      </div>
      <RunningJobs />
      <Settings />
    </header>
  );
}
