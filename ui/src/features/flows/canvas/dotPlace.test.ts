import { describe, expect, it } from "vitest";
import { dotsFor } from "./dotPlace";

const SIZE = { width: 900, height: 600 };

describe("the dots behind a drawing", () => {
  it("cover the room wherever the drawing stands, in whole distances of the dots", () => {
    for (const zoom of [0.35, 0.8, 2]) {
      for (const [x, y] of [
        [0, 0],
        [-7_350, 481],
        [12_000.5, -90_001],
      ] as const) {
        const place = dotsFor({ x, y, zoom }, SIZE);
        expect(place).not.toBeNull();
        if (!place) continue;
        expect(place.x * zoom + x).toBeLessThanOrEqual(0);
        expect(place.y * zoom + y).toBeLessThanOrEqual(0);
        expect((place.x + place.width) * zoom + x).toBeGreaterThanOrEqual(SIZE.width);
        expect((place.y + place.height) * zoom + y).toBeGreaterThanOrEqual(SIZE.height);
        expect(Math.abs(place.x % 20) + Math.abs(place.y % 20)).toBe(0);
      }
    }
  });

  it("stay where they are for most of a long pull", () => {
    const places = new Set<string>();
    for (let y = 0; y > -2_400; y -= 12) {
      places.add(JSON.stringify(dotsFor({ x: 0, y, zoom: 0.8 }, SIZE)));
    }
    expect(places.size).toBeLessThanOrEqual(6);
  });

  it("are none where they would be a haze", () => {
    expect(dotsFor({ x: 0, y: 0, zoom: 0.3 }, SIZE)).toBeNull();
  });
});
