import { createElement } from "react";
import type { GraphNode } from "./graph";
import { nodeIcon } from "./nodeLook";

export function NodeIcon({ node }: { node: GraphNode }) {
  return createElement(nodeIcon(node), { size: 16, stroke: 1.75, "aria-hidden": true });
}
