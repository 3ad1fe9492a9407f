/** Makes a template's flows: imported, published, and their secrets made. */
import { ApiError, generateSecret, getStatus, importFlow, listFlows, listSecrets } from "@/api";
import { useAction } from "@/design";
import { secretsOf, TEMPLATE, withReceiver, type TemplateName } from "./templates";

export interface Started {
  name: TemplateName;
  /** The secrets that were made, for the systems that need them too. They can be read only now. */
  made: { name: string; value: string }[];
}

export function useTemplate(onDone: (started: Started) => void) {
  return useAction<TemplateName, Started>({
    run: start,
    stale: () => ["flows", "secrets", "status"],
    onDone,
  });
}

async function start(name: TemplateName): Promise<Started> {
  const documents = await TEMPLATE[name].documents();
  const [{ receiver }, flows, secrets] = await Promise.all([
    getStatus(),
    listFlows(),
    listSecrets(),
  ]);
  const there = new Set(flows.items.map((flow) => flow.name));
  const known = secrets.items.filter(({ state }) => state !== "missing").map((each) => each.name);
  const made: Started["made"] = [];
  for (const secret of secretsOf(documents)) {
    if (known.includes(secret)) continue;
    const value = await make(secret);
    if (value !== null) made.push({ name: secret, value });
  }
  for (const document of documents) {
    // A flow that somebody changed since is never written over.
    if (there.has((document as { name: string }).name)) continue;
    await importFlow(withReceiver(document, receiver.url), true);
  }
  return { name, made };
}

/** Null if there is one by now: then it is left alone. */
async function make(name: string): Promise<string | null> {
  try {
    return (await generateSecret(name, false)).value;
  } catch (error) {
    if (error instanceof ApiError && error.status === 409) return null;
    throw error;
  }
}
