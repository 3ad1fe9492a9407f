/** The URLs of an endpoint that is not published yet, as it will have them. Pure. */
import { isFields, text, type Fields } from "@/features/flows/document";

interface Where {
  /** Without a slash at its end: the public URL, or the receiver's own. */
  base: string;
  workspace: string;
  flow: string;
  /** The first endpoint of a flow has the shorter address. */
  isFirst: boolean;
}

/** The URL to hand out; where a key travels in it, `YOUR_KEY` stands for the key. */
export function endpointUrl(endpoint: Fields, where: Where): string {
  const { base, workspace, flow, isFirst } = where;
  const own = text(endpoint.path);
  const name = text(endpoint.name);
  const path = own || `/api/webhook/${workspace}/${flow}${isFirst ? "" : `/${name}`}`;
  return base.replace(/\/+$/, "") + path + (hasKeyInUrl(endpoint) ? "?key=YOUR_KEY" : "");
}

export function hasKeyInUrl(endpoint: Fields): boolean {
  const auth = isFields(endpoint.auth) ? endpoint.auth : {};
  return auth.kind === "shared_key" && text(auth.header) === "";
}

/** The URL without its key, as a program begins with it. */
export const withoutKey = (url: string): string => url.replace(/[?&]key=YOUR_KEY$/, "");

/** Whether a path has parameters that a caller has to fill in. */
export const hasParameters = (url: string): boolean => /\{[A-Za-z_]\w*\}/.test(url);
