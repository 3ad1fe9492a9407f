/** How wide the columns of a list are. Pure. */

/** No words of a column are that long: in a wide window the room is better between all columns than behind one. */
const FREE_MAX_PX = 480;

/** Pixels; undefined for a column that takes what the others leave. */
export function widthsOf(
  columns: readonly { width?: number }[],
  room: number,
): (number | undefined)[] {
  const free = columns.filter(({ width }) => width === undefined).length;
  const taken = columns.reduce((sum, { width = FREE_MAX_PX }) => sum + width, 0);
  const more = (room - taken) / columns.length;
  if (more <= 0 || free === 0) return columns.map(({ width }) => width);
  return columns.map(({ width = FREE_MAX_PX }) => width + more);
}
