import { describe, expect, it } from "vitest";
import {
  beginning,
  centred,
  fitted,
  isInSight,
  leastZoom,
  WHOLE_ZOOM_MIN,
  ZOOM,
  type Placed,
} from "./begin";
import { nextStand, type Scene } from "./stand";

const SIZE = { width: 600, height: 700 };
const column = (count: number): Placed[] =>
  Array.from({ length: count }, (_, at) => ({ id: `card ${at}`, position: { x: 0, y: at * 100 } }));
const card = (id: string): Placed => ({ id, position: { x: 0, y: Number(id.slice(5)) * 100 } });
const small = column(5);
const large = column(200);
const scene = (cards: Placed[], more: Partial<Scene> = {}): Scene => ({
  cards,
  size: SIZE,
  chosen: undefined,
  ...more,
});

describe("where a drawing begins", () => {
  it("is the whole, if its words can be read", () => {
    expect(beginning(small, SIZE, "card 3")).toEqual(fitted(small, SIZE));
    expect(fitted(small, SIZE).zoom).toBeGreaterThan(WHOLE_ZOOM_MIN);
  });

  it("is the first card of a large one, at a size that can be read", () => {
    const begun = beginning(large, SIZE, undefined);
    expect(begun.zoom).toBeGreaterThan(WHOLE_ZOOM_MIN);
    expect(isInSight(card("card 0"), SIZE, begun)).toBe(true);
    expect(begun.y).toBeGreaterThan(0);
    expect(beginning(large, SIZE, "card 0")).toEqual(begun);
  });

  it("is the card that somebody came for", () => {
    const begun = beginning(large, SIZE, "card 120");
    expect(isInSight(card("card 120"), SIZE, begun)).toBe(true);
    expect(isInSight(card("card 0"), SIZE, begun)).toBe(false);
  });
});

describe("how far away a drawing can be looked at", () => {
  const wide = (count: number): Placed[] =>
    Array.from({ length: count }, (_, at) => ({
      id: `card ${at}`,
      position: { x: at * 250, y: 0 },
    }));

  it("is as far as the whole of it needs", () => {
    const cards = wide(150);
    const whole = fitted(cards, SIZE);
    expect(whole.zoom).toBeLessThan(ZOOM.min);
    for (const each of cards) expect(isInSight(each, SIZE, whole)).toBe(true);
    expect(leastZoom(cards, SIZE)).toBe(whole.zoom);
  });

  it("is no further than usual where the whole is large enough", () => {
    expect(leastZoom(small, SIZE)).toBe(ZOOM.min);
    expect(leastZoom([], SIZE)).toBe(ZOOM.min);
  });

  it("tells two small wholes from each other", () => {
    const [was, now] = [scene(wide(150)), scene(wide(151))];
    const near = { ...fitted(wide(150), SIZE) };
    near.zoom *= 1.05;
    expect(nextStand(was, now, near, undefined)).toBeNull();
    const stood = nextStand(was, now, fitted(wide(150), SIZE), undefined);
    expect(stood?.viewport).toEqual(fitted(wide(151), SIZE));
  });
});

describe("where a drawing stands after a change", () => {
  const narrow = { width: 300, height: 700 };
  const begun = beginning(large, SIZE, undefined);

  it("is as it began, while nobody moved it", () => {
    const stood = nextStand(scene(large), scene(large, { size: narrow }), begun, undefined);
    expect(stood?.viewport).toEqual(beginning(large, narrow, undefined));
    const whole = fitted(large, SIZE);
    const fit = nextStand(scene(large), scene(large, { size: narrow }), whole, undefined);
    expect(fit?.viewport).toEqual(fitted(large, narrow));
    const more = nextStand(scene(small), scene(column(6)), fitted(small, SIZE), undefined);
    expect(more?.viewport).toEqual(fitted(column(6), SIZE));
  });

  it("is where somebody moved it", () => {
    const moved = { ...begun, y: begun.y - 300 };
    const was = scene(large, { chosen: "card 0" });
    expect(nextStand(was, { ...was, size: narrow }, moved, undefined)).toBeNull();
  });

  it("has the card that was chosen in sight, and moves for no other reason", () => {
    const was = scene(large, { chosen: "card 0" });
    const far = nextStand(was, { ...was, chosen: "card 120" }, begun, undefined);
    expect(far).toEqual({ viewport: centred(card("card 120"), SIZE, begun.zoom), isShown: true });
    expect(nextStand(was, { ...was, chosen: "card 2" }, begun, undefined)).toBeNull();
    const away = { ...begun, y: -5000 };
    expect(nextStand(was, was, away, undefined)).toBeNull();
  });

  it("keeps the chosen card in sight when its room becomes smaller", () => {
    const at = centred(card("card 120"), { width: 600, height: 1200 }, 0.8);
    const was = scene(large, { size: { width: 600, height: 1200 }, chosen: "card 120" });
    const low = { width: 600, height: 200 };
    const stood = nextStand(was, { ...was, size: low }, at, undefined);
    expect(stood && isInSight(card("card 120"), low, stood.viewport)).toBe(true);
  });
});
