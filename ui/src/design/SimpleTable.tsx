/** A short table with buttons in its rows, for lists that fit on a page. */
import type { ReactNode } from "react";
import classes from "./SimpleTable.module.css";

interface SimpleTableProps {
  label: string;
  /** The last column, for buttons, has a heading that is only read aloud. */
  headers: string[];
  actionsHeader: string;
  rows: { key: string; cells: ReactNode[]; actions: ReactNode }[];
}

export function SimpleTable({ label, headers, actionsHeader, rows }: SimpleTableProps) {
  return (
    <table className={classes.table} aria-label={label}>
      <thead>
        <tr>
          {headers.map((header) => (
            <th key={header} scope="col">
              {header}
            </th>
          ))}
          <th scope="col">
            <span className="sr-only">{actionsHeader}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, cells: [first, ...others], actions }) => (
          <tr key={key}>
            <th scope="row">{first}</th>
            {others.map((cell, at) => (
              <td key={at}>{cell}</td>
            ))}
            <td className={classes.actions}>
              <div>{actions}</div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function ScrollBox({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={classes.scroll} role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
