const PORT_STEP = 10;
const PORT_MAX = 65_535;

/** An address to try in place of one that is in use: the same host, some ports further; else a free one. */
export function nextAddress(address: string): string {
  const match = /^(.*):(\d+)$/.exec(address);
  if (!match) return "127.0.0.1:0";
  const port = Number(match[2]) + PORT_STEP;
  return `${match[1]}:${port > PORT_MAX ? 0 : port}`;
}
