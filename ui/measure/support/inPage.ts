/** What every measurement uses inside the page. It is sent there as text: nothing from outside `install` is known in it. */
export interface Measure {
  /** Waits until it is so, and gives the time of the frame after the one in which it came to be. */
  until: (isSo: () => boolean) => Promise<number>;
  find: (selector: string, words?: string) => HTMLElement | undefined;
  /** Waits for what is there to be clicked, and clicks it; the time of the click. */
  click: (selector: string, words?: string) => Promise<number>;
  /** Does something in each frame for so long. */
  frames: (forMs: number, act: (frame: number) => void) => Promise<Frames>;
  /** When the last answer from this address had come. */
  answered: (address: string) => number;
}

export interface Frames {
  count: number;
  perSecond: number;
  longestMs: number;
}

declare global {
  interface Window {
    measure: Measure;
  }
}

export function install(): void {
  const until: Measure["until"] = (isSo) =>
    new Promise((done) => {
      const look = () => {
        if (!isSo()) requestAnimationFrame(look);
        else requestAnimationFrame(() => done(performance.now()));
      };
      look();
    });
  const find: Measure["find"] = (selector, words = "") =>
    [...document.querySelectorAll<HTMLElement>(selector)].find((each) =>
      (each.getAttribute("aria-label") ?? each.textContent).includes(words),
    );
  window.measure = {
    until,
    find,
    async click(selector, words) {
      await until(() => find(selector, words) !== undefined);
      const begun = performance.now();
      find(selector, words)?.click();
      return begun;
    },
    frames: (forMs, act) =>
      new Promise((done) => {
        const times: number[] = [];
        const tick = (now: number) => {
          act(times.length);
          times.push(now);
          const [first = now] = times;
          if (now - first < forMs) return requestAnimationFrame(tick);
          const gaps = times.slice(1).map((time, at) => time - (times[at] ?? time));
          const perSecond = (gaps.length / (now - first)) * 1000;
          return done({ count: gaps.length, perSecond, longestMs: Math.max(...gaps) });
        };
        requestAnimationFrame(tick);
      }),
    answered: (address) => {
      const found = performance
        .getEntriesByType("resource")
        .filter(({ name }) => new URL(name).pathname.endsWith(address));
      return (found.at(-1) as PerformanceResourceTiming | undefined)?.responseEnd ?? NaN;
    },
  };
}
