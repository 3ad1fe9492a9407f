/** What differs between two documents of a flow, part by part, and how a drawing of both marks it. Pure. */
import type { CardLook, EdgeLook, Mark } from "../../canvas/looks";
import type { Fields } from "../../document";
import { graphOf, type Graph } from "../../graph";
import {
  find,
  LIST_OF,
  partsIn,
  PART_KINDS,
  SETTINGS_KEYS,
  withLayout,
  type PartKind,
} from "../commands";
import { same } from "../history/patch";

export interface PartChange {
  /** The flow itself, or a kind of parts. */
  kind: PartKind | "flow";
  id: string;
  name: string;
  mark: Mark;
  /** The keys that differ, of one that changed. */
  fields: string[];
}

const OTHER_KEYS = new Set<string>(["format", "name", "layout", ...Object.values(LIST_OF)]);

export function changesBetween(before: Fields, after: Fields): PartChange[] {
  const changes: PartChange[] = [];
  const settings = keysThatDiffer(before, after).filter((key) => !OTHER_KEYS.has(key));
  if (settings.length > 0) {
    changes.push({
      kind: "flow",
      id: "flow",
      name: "",
      mark: "changed",
      fields: inOrder(settings),
    });
  }
  for (const kind of PART_KINDS) {
    const [was, is] = [before, after].map((each) =>
      partsIn(each).filter((part) => part.kind === kind),
    ) as [ReturnType<typeof partsIn>, ReturnType<typeof partsIn>];
    for (const { id, name, fields } of is) {
      const known = was.find((part) => part.id === id);
      if (!known) changes.push({ kind, id, name, mark: "added", fields: [] });
      else if (!same(known.fields, fields)) {
        const keys = keysThatDiffer(known.fields, fields);
        changes.push({ kind, id, name, mark: "changed", fields: keys });
      }
    }
    for (const { id, name } of was) {
      if (!is.some((part) => part.id === id)) {
        changes.push({ kind, id, name, mark: "removed", fields: [] });
      }
    }
  }
  return changes;
}

function keysThatDiffer(before: Fields, after: Fields): string[] {
  const keys = [...new Set([...Object.keys(after), ...Object.keys(before)])];
  return keys.filter((key) => !same(before[key], after[key]));
}

const inOrder = (keys: string[]) => [
  ...SETTINGS_KEYS.filter((key) => keys.includes(key)),
  ...keys.filter((key) => !SETTINGS_KEYS.some((known) => known === key)),
];

export interface MarkedGraph {
  graph: Graph;
  looks: { cards: Map<string, CardLook>; edges: Map<string, EdgeLook> };
}

/** One drawing of both: what is, and marked what was and is no more. */
export function markedGraph(before: Fields, after: Fields): MarkedGraph {
  const gone = partsIn(before).filter(({ id }) => !find(after, id));
  const both = gone.reduce<Fields>(
    (document, { kind, fields }) => {
      const key = LIST_OF[kind];
      const list = Array.isArray(document[key]) ? (document[key] as unknown[]) : [];
      return { ...document, [key]: [...list, fields] };
    },
    withLayout(after, {}),
  );
  const [was, is, all] = [before, after, both].map((each) => graphOf(each, [])) as [
    Graph,
    Graph,
    Graph,
  ];
  const ids = new Set(all.nodes.map(({ id }) => id));
  const edgesGone = was.edges.filter(
    ({ id, from, to }) => ids.has(from) && ids.has(to) && !all.edges.some((edge) => edge.id === id),
  );
  const graph = { nodes: all.nodes, edges: [...all.edges, ...edgesGone] };
  const cards = new Map(
    changesBetween(before, after).map(({ id, mark }) => [id, { mark }] as const),
  );
  const edges = new Map<string, EdgeLook>();
  const [wasIds, isIds] = [was, is].map(({ edges: list }) => new Set(list.map(({ id }) => id)));
  for (const { id } of graph.edges) {
    if (!wasIds?.has(id)) edges.set(id, { mark: "added" });
    else if (!isIds?.has(id)) edges.set(id, { mark: "removed" });
  }
  return { graph, looks: { cards, edges } };
}

/** A document as text, for a comparison by lines. */
export const documentText = (document: Fields) => JSON.stringify(withLayout(document, {}), null, 2);
