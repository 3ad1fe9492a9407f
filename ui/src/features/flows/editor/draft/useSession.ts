/** The session of the flow on the screen: begun once, and going on while one looks at something else. */
import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect } from "react";
import { useStore } from "zustand";
import { installation, keys, replaceDraft, type FlowDetail } from "@/api";
import { createKeeper, readKept } from "./kept";
import { createSession, type Session, type SessionState } from "./session";
import { toWire } from "./wire";

const sessions = new Map<string, Promise<Session>>();

export function useSession(flow: FlowDetail): Session | undefined {
  const client = useQueryClient();
  const { data: session } = useQuery({
    queryKey: ["editor", flow.id, flow.name],
    queryFn: () => sessionOf(flow, client),
    staleTime: Infinity,
    gcTime: Infinity,
  });
  useEffect(() => session?.adopt(flow), [session, flow]);
  return session;
}

async function sessionOf(flow: FlowDetail, client: QueryClient): Promise<Session> {
  // Ids are never reused; the name stands for a workspace that began anew in the same folder.
  const key = `${await installation()} ${flow.id} ${flow.name}`;
  const known = sessions.get(key);
  if (known) return known;
  const begun = begin(key, flow, client);
  sessions.set(key, begun);
  return begun;
}

async function begin(key: string, flow: FlowDetail, client: QueryClient): Promise<Session> {
  const kept = await readKept(key);
  const session = createSession(flow, kept, {
    keep: createKeeper(key, kept),
    now_ms: () => Date.now(),
    async save(document, etag) {
      const queryKey = keys.flow(flow.name);
      const answer = await replaceDraft(flow.name, toWire(document, etag));
      // What was asked before the save may answer after it.
      await client.cancelQueries({ queryKey, exact: true });
      client.setQueryData(queryKey, answer);
      return answer;
    },
  });
  // What the last window did not get to save.
  await session.flush().catch(() => undefined);
  return session;
}

const SessionContext = createContext<Session | null>(null);
export const SessionProvider = SessionContext.Provider;

export function useEditor(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("the editor's parts stand inside its page");
  return session;
}

export function useEditorState<T>(select: (state: SessionState) => T): T {
  return useStore(useEditor().store, select);
}
