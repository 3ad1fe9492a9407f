/**
 * A graph in layers, from top to bottom: which layer a node is in, in what order the nodes of a layer stand, and how far
 * to the right. Hundreds of nodes take a few milliseconds, so that a large flow opens at once. Pure; it knows no sizes
 * but widths.
 */
import type { Graph } from "../graph";

/** Nodes are numbers here: those of the graph in its order, and behind them places that long lines pass through. */
export interface Plan {
  layerOf: number[];
  /** The nodes of each layer, from left to right. */
  layers: number[][];
  above: number[][];
  below: number[][];
  /** From this number on they are places in lines. */
  real: number;
}

const NODE_ROOM = 252;
const LINE_ROOM = 48;
/** More sweeps find little more. */
const ORDER_SWEEPS = 8;
const SPREAD_SWEEPS = 8;
/** A long line bends less readily than a card moves. */
const LINE_WEIGHT = 4;

/** Each node below all that lead to it; what nothing leads to, just above what it leads to. */
export function layersOf({ nodes, edges }: Graph): Plan {
  const place = new Map(nodes.map(({ id }, node) => [id, node]));
  const links = edges
    .map(({ from, to }) => ({ from: place.get(from) ?? 0, to: place.get(to) ?? 0 }))
    .filter(({ from, to }) => from !== to);
  const forward = withoutCircles(nodes.length, links);
  const layerOf = ranks(nodes.length, forward);
  const plan: Plan = { layerOf, layers: [], above: [], below: [], real: nodes.length };
  const add = (layer: number) => {
    const node = plan.above.length;
    layerOf[node] = layer;
    plan.above.push([]);
    plan.below.push([]);
    (plan.layers[layer] ??= []).push(node);
    return node;
  };
  const link = (from: number, to: number) => {
    plan.below[from]?.push(to);
    plan.above[to]?.push(from);
  };
  for (const layer of [...layerOf]) add(layer);
  for (const { from, to } of forward) {
    let last = from;
    for (let layer = (layerOf[from] ?? 0) + 1; layer < (layerOf[to] ?? 0); layer++) {
      const next = add(layer);
      link(last, next);
      last = next;
    }
    link(last, to);
  }
  return plan;
}

interface Link {
  from: number;
  to: number;
}

/** A line that would close a circle goes the other way, as far as the layers are concerned. */
function withoutCircles(count: number, links: readonly Link[]): Link[] {
  const next = linksOf(count, links);
  const state = new Uint8Array(count);
  const [ON_WAY, DONE] = [1, 2];
  const forward: Link[] = [];
  for (let start = 0; start < count; start++) {
    if (state[start]) continue;
    state[start] = ON_WAY;
    const way = [{ node: start, at: 0 }];
    for (let here = way.at(-1); here; here = way.at(-1)) {
      const to = next[here.node]?.[here.at++];
      if (to === undefined) {
        state[here.node] = DONE;
        way.pop();
      } else if (state[to] === ON_WAY) {
        forward.push({ from: to, to: here.node });
      } else {
        forward.push({ from: here.node, to });
        if (!state[to]) {
          state[to] = ON_WAY;
          way.push({ node: to, at: 0 });
        }
      }
    }
  }
  return forward;
}

function linksOf(count: number, links: readonly Link[]): number[][] {
  const next: number[][] = Array.from({ length: count }, () => []);
  for (const { from, to } of links) next[from]?.push(to);
  return next;
}

function ranks(count: number, links: readonly Link[]): number[] {
  const next = linksOf(count, links);
  const waits = new Array<number>(count).fill(0);
  for (const { to } of links) waits[to] = (waits[to] ?? 0) + 1;
  const rank = new Array<number>(count).fill(0);
  const ready = [...waits.keys()].filter((node) => waits[node] === 0);
  const first = new Set(ready);
  for (const node of ready) {
    for (const to of next[node] ?? []) {
      rank[to] = Math.max(rank[to] ?? 0, (rank[node] ?? 0) + 1);
      waits[to] = (waits[to] ?? 0) - 1;
      if (waits[to] === 0) ready.push(to);
    }
  }
  for (const node of first) {
    const below = (next[node] ?? []).map((to) => rank[to] ?? 0);
    if (below.length > 0) rank[node] = Math.min(...below) - 1;
  }
  return rank;
}

/** Puts the nodes of each layer into an order with few crossings: each near the middle of what it is joined to. */
export function arrange(plan: Plan): void {
  const { layers } = plan;
  let best = layers.map((layer) => [...layer]);
  let fewest = crossings(plan);
  for (let sweep = 0; sweep < ORDER_SWEEPS && fewest > 0; sweep++) {
    const isDown = sweep % 2 === 0;
    const joined = isDown ? plan.above : plan.below;
    const at = placesOf(plan);
    const order = isDown ? [...layers.keys()] : [...layers.keys()].reverse();
    for (const each of order) {
      const layer = layers[each] ?? [];
      const middle = new Map(layer.map((node) => [node, mean(joined[node] ?? [], at) ?? at[node]]));
      layer.sort((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0));
      layer.forEach((node, place) => (at[node] = place));
    }
    const now = crossings(plan);
    if (now >= fewest) continue;
    fewest = now;
    best = layers.map((layer) => [...layer]);
  }
  plan.layers = best;
}

function placesOf({ layers, above }: Plan): number[] {
  const at = new Array<number>(above.length).fill(0);
  for (const layer of layers) layer.forEach((node, place) => (at[node] = place));
  return at;
}

function mean(nodes: readonly number[], at: readonly number[]): number | undefined {
  if (nodes.length === 0) return undefined;
  return nodes.reduce((sum, node) => sum + (at[node] ?? 0), 0) / nodes.length;
}

function crossings(plan: Plan): number {
  const at = placesOf(plan);
  let count = 0;
  for (const layer of plan.layers) {
    // Ends of the lines from further left, which a line from here crosses if it ends left of them.
    const ends: number[] = [];
    for (const node of layer) {
      const own = (plan.below[node] ?? []).map((to) => at[to] ?? 0);
      for (const end of own) count += ends.filter((other) => other > end).length;
      ends.push(...own);
    }
  }
  return count;
}

/** How far to the right the middle of each node stands: near what it is joined to, and none over another. */
export function spread(plan: Plan): number[] {
  const { layers, above, below, real } = plan;
  const room = (node: number) => (node < real ? NODE_ROOM : LINE_ROOM);
  const xs = new Array<number>(above.length).fill(0);
  // Where each stands beside the first of its layer at the closest.
  const offset = new Array<number>(above.length).fill(0);
  for (const layer of layers) {
    layer.forEach((node, place) => {
      const left = layer[place - 1];
      if (left !== undefined) {
        offset[node] = (offset[left] ?? 0) + (room(left) + room(node)) / 2;
      }
    });
    const half = (offset[layer.at(-1) ?? 0] ?? 0) / 2;
    for (const node of layer) xs[node] = (offset[node] ?? 0) - half;
  }
  for (let sweep = 0; sweep < SPREAD_SWEEPS; sweep++) {
    const isDown = sweep % 2 === 0;
    const joined = isDown ? above : below;
    for (const layer of isDown ? layers : [...layers].reverse()) {
      const wanted = layer.map((node) => ({
        at: (mean(joined[node] ?? [], xs) ?? xs[node] ?? 0) - (offset[node] ?? 0),
        weight: node < real ? 1 : LINE_WEIGHT,
      }));
      rising(wanted).forEach((at, place) => {
        const node = layer[place] ?? 0;
        xs[node] = at + (offset[node] ?? 0);
      });
    }
  }
  const first = Math.min(...xs);
  return xs.map((x) => Math.round(x - first));
}

/** The numbers nearest to these of which none is smaller than the one before it. */
export function rising(wanted: readonly { at: number; weight: number }[]): number[] {
  const blocks: { at: number; weight: number; count: number }[] = [];
  for (const { at, weight } of wanted) {
    let block = { at, weight, count: 1 };
    for (let last = blocks.at(-1); last && last.at > block.at; last = blocks.at(-1)) {
      const sum = last.weight + block.weight;
      const both = (last.at * last.weight + block.at * block.weight) / sum;
      block = { at: both, weight: sum, count: last.count + block.count };
      blocks.pop();
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ at, count }) => new Array<number>(count).fill(at));
}
