/**
 * Drafts and what was done to them, kept in this browser (IndexedDB). Entries of the history are stored one by one, so
 * that a long history costs no more to add to than a short one. Without IndexedDB the editor works, and forgets.
 */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Fields } from "../../document";
import type { Entry } from "../history/history";
import type { Kept } from "./session";

interface Head {
  format: 1;
  document: Fields;
  etag: string;
  isSaved: boolean;
  done: number;
  count: number;
}

interface Schema extends DBSchema {
  heads: { key: string; value: Head };
  entries: { key: [string, number]; value: Entry };
}

let opened: Promise<IDBPDatabase<Schema>> | undefined;

function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>("hookloom.editor", 2, {
    upgrade(db) {
      // Before, nothing said of which installation a flow was.
      for (const name of db.objectStoreNames) db.deleteObjectStore(name);
      db.createObjectStore("heads");
      db.createObjectStore("entries");
    },
  });
  return opened;
}

const rangeOf = (key: string, from = 0) => IDBKeyRange.bound([key, from], [key, Infinity]);

export async function readKept(key: string): Promise<Kept | undefined> {
  try {
    const db = await database();
    const tx = db.transaction(["heads", "entries"]);
    const [head, entries] = await Promise.all([
      tx.objectStore("heads").get(key),
      tx.objectStore("entries").getAll(rangeOf(key)),
    ]);
    if (head?.format !== 1 || entries.length < head.count) return undefined;
    const { document, etag, isSaved, done, count } = head;
    return { document, etag, isSaved, history: { entries: entries.slice(0, count), done } };
  } catch {
    return undefined;
  }
}

/** Writes what changed since the last time, in the order of the calls. */
export function createKeeper(key: string, before?: Kept): (kept: Kept) => void {
  let written: Entry[] = before?.history.entries ?? [];
  let last: Promise<unknown> = Promise.resolve();
  return ({ document, etag, isSaved, history: { entries, done } }) => {
    let from = 0;
    while (from < entries.length && entries[from] === written[from]) from++;
    written = entries;
    const head: Head = { format: 1, document, etag, isSaved, done, count: entries.length };
    last = last
      .then(async () => {
        const tx = (await database()).transaction(["heads", "entries"], "readwrite");
        const store = tx.objectStore("entries");
        await Promise.all([
          tx.objectStore("heads").put(head, key),
          store.delete(rangeOf(key, from)),
          ...entries.slice(from).map((entry, at) => store.put(entry, [key, from + at])),
          tx.done,
        ]);
      })
      // A full or forbidden store takes only the memory of undo; the draft itself is with Hookloom.
      .catch(() => undefined);
  };
}
