import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState, useSyncExternalStore } from "react";
import { ApiError, startLive } from "@/api";
import { inDesktop, session } from "@/platform";
import { router } from "@/routes";
import { fetchSoon } from "./soon";
import { useContrast } from "./useTheme";

const RETRIES_MAX = 3;
const SignIn = lazy(() => import("./SignIn"));

/** The workbench for whoever may use it; the sign-in page for everybody else. */
export function App({ spentCode }: { spentCode: boolean }) {
  useContrast();
  const token = useSyncExternalStore(session.subscribe, session.token);
  if (!inDesktop && token === null) {
    return (
      <Suspense>
        <SignIn spentCode={spentCode} />
      </Suspense>
    );
  }
  return <Workbench key={token} />;
}

function Workbench() {
  const [client] = useState(createClient);
  useEffect(() => startLive(client), [client]);
  useEffect(fetchSoon, []);
  return (
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}

function createClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Live updates say when something is stale.
        staleTime: 60_000,
        refetchOnWindowFocus: false,
        networkMode: "always",
        retry: (failures, error) =>
          failures < RETRIES_MAX && error instanceof ApiError && error.mayPass,
      },
      mutations: { networkMode: "always" },
    },
  });
}
