/** In a small window a result stands below what was asked: it is brought into view when it comes. */
export function intoView(result: HTMLElement | null): void {
  result?.scrollIntoView({ block: "nearest" });
}
