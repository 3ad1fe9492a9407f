import fc from "fast-check";
import { expect, it } from "vitest";
import { dotsAt } from "./Dots";

it("the ground covers its room wherever the drawing stands, with dots that can be told apart", () => {
  const place = fc.double({ min: -1e5, max: 1e5, noNaN: true });
  const zoom = fc.double({ min: 0.1, max: 2, noNaN: true });
  fc.assert(
    fc.property(place, place, zoom, (x, y, at) => {
      const [left = NaN, top = NaN, scale = NaN] = [
        ...dotsAt(x, y, at).matchAll(/-?\d[\d.e-]*/g),
      ].map(([number]) => Number(number));
      const gap = 20 * scale;
      expect(gap).toBeGreaterThanOrEqual(14);
      expect(gap).toBeLessThanOrEqual(40.01);
      for (const edge of [left, top]) {
        expect(edge).toBeLessThanOrEqual(0);
        expect(edge).toBeGreaterThanOrEqual(-40.01);
      }
    }),
  );
});
