/** The rows of a list that somebody chose, for what is done with all of them. */
import { useState } from "react";
import type { RowMarks } from "@/design";

export interface Marks<Row extends { id: string | number }> extends RowMarks<Row> {
  rows: Row[];
  clear: () => void;
}

export function useMarks<Row extends { id: string | number }>(
  loaded: Row[],
  nameOf: (row: Row) => string,
): Marks<Row> {
  const [marked, setMarked] = useState<ReadonlySet<Row["id"]>>(new Set());
  return {
    marked,
    nameOf,
    // What a filter took off the screen is done nothing with.
    rows: loaded.filter(({ id }) => marked.has(id)),
    mark: (rows, on) =>
      setMarked((before) => {
        const next = new Set(before);
        for (const { id } of rows) {
          if (on) next.add(id);
          else next.delete(id);
        }
        return next;
      }),
    clear: () => setMarked(new Set()),
  };
}
