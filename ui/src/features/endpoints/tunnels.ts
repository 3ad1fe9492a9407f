/** Programs that make the receiver reachable from outside. Each is one row here and its words in `ways.json`. Pure. */
export interface Tunnel {
  name: "cloudflared" | "ngrok" | "tailscale" | "ssh";
  command: (receiver: { host: string; port: string }) => string;
}

export const TUNNELS: readonly Tunnel[] = [
  {
    name: "cloudflared",
    command: ({ host, port }) => `cloudflared tunnel --url http://${host}:${port}`,
  },
  { name: "ngrok", command: ({ host, port }) => `ngrok http http://${host}:${port}` },
  { name: "tailscale", command: ({ port }) => `tailscale funnel ${port}` },
  {
    name: "ssh",
    command: ({ host, port }) => `ssh -N -R 8080:${host}:${port} you@server.example`,
  },
];

/** Host and port of the receiver, as a tunnel on this computer reaches it. */
export function receiverOf(address: string): { host: string; port: string } {
  const at = address.lastIndexOf(":");
  const host = address.slice(0, at);
  // Every interface is also the loopback one.
  return {
    host: /^(0\.0\.0\.0|\[::\])$/.test(host) ? "127.0.0.1" : host,
    port: address.slice(at + 1),
  };
}
