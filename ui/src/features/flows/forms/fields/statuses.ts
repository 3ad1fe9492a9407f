/** Ranges of HTTP statuses such as `200-299,404`. */
export function isStatusRanges(text: string): boolean {
  return text.split(",").every((range) => {
    const parts = range.split("-");
    if (parts.length > 2) return false;
    const [first, last = first] = parts.map(statusOf);
    return typeof first === "number" && typeof last === "number" && first <= last;
  });
}

function statusOf(text: string): number | null {
  if (!/^\s*\d{3}\s*$/.test(text)) return null;
  const status = Number(text);
  return status >= 100 && status <= 599 ? status : null;
}
