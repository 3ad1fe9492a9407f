/** Which parts of a flow have all words of a search, in what they are called or say. Pure. */
import { outlineOf, type Graph } from "../../graph";

export function foundIn(graph: Graph, search: string | null): string[] {
  const words = (search ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return outlineOf(graph).flatMap(({ node }) => {
    if (!node.part) return [];
    const all = `${node.kind} ${JSON.stringify(node.part.fields)}`.toLowerCase();
    return words.every((word) => all.includes(word)) ? [node.id] : [];
  });
}
