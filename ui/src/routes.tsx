/** The map of the pages. Each is loaded when it is first opened. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from "@tanstack/react-router";
import { Loading } from "@/design";
import { compareSearch } from "@/features/compare/search";
import { deliveriesSearch } from "@/features/deliveries/search";
import { flowSearch } from "@/features/flows/search";
import { jobSearch, jobsSearch } from "@/features/jobs/search";
import { requestsSearch } from "@/features/requests/search";
import { Frame } from "@/frame/Frame";
import { PageError, PageMissing } from "@/frame/PageError";
import { orNotLoaded } from "@/platform";

const root = createRootRoute({ component: Frame, notFoundComponent: PageMissing });
const getParentRoute = () => root;

const home = createRoute({
  getParentRoute,
  path: "/",
  component: lazyRouteComponent(
    orNotLoaded(() => import("@/features/home/HomePage")),
    "HomePage",
  ),
});

const flows = createRoute({
  getParentRoute,
  path: "/flows",
  component: lazyRouteComponent(
    orNotLoaded(() => import("@/features/flows/FlowsPage")),
    "FlowsPage",
  ),
});

const flow = createRoute({
  getParentRoute,
  path: "/flows/$name",
  validateSearch: flowSearch,
  component: lazyRouteComponent(
    orNotLoaded(() => import("@/features/flows/FlowPage")),
    "FlowPage",
  ),
});

const endpoints = createRoute({
  getParentRoute,
  path: "/endpoints",
  component: lazyRouteComponent(
    orNotLoaded(() => import("@/features/endpoints/EndpointsPage")),
    "EndpointsPage",
  ),
});

const requests = createRoute({
  getParentRoute,
  path: "/requests",
  validateSearch: requestsSearch,
  component: lazyRouteComponent(
    orNotLoaded(() => import("@/features/requests/RequestsPage")),
    "RequestsPage",
  ),
});

const jobs = createRoute({
  getParentRoute,
  path: "/jobs",
  validateSearch: jobsSearch,
  component: lazyRouteComponent(
    orNotLoaded(() => import("@/features/jobs/JobsPage")),
    "JobsPage",
  ),
});

const job = createRoute({
  getParentRoute,
  path: "/jobs/$id",
  validateSearch: jobSearch,
  component: lazyRouteComponent(
    orNotLoaded(() => import("@/features/jobs/JobPage")),
    "JobPage",
  ),
});

const compare = createRoute({
  getParentRoute,
  path: "/compare",
  validateSearch: compareSearch,
  component: lazyRouteComponent(
    orNotLoaded(() => import("@/features/compare/ComparePage")),
    "ComparePage",
  ),
});

const deliveries = createRoute({
  getParentRoute,
  path: "/deliveries",
  validateSearch: deliveriesSearch,
  component: lazyRouteComponent(
    orNotLoaded(() => import("@/features/deliveries/DeliveriesPage")),
    "DeliveriesPage",
  ),
});

const secrets = createRoute({
  getParentRoute,
  path: "/secrets",
  component: lazyRouteComponent(
    orNotLoaded(() => import("@/features/secrets/SecretsPage")),
    "SecretsPage",
  ),
});

const variables = createRoute({
  getParentRoute,
  path: "/variables",
  component: lazyRouteComponent(
    orNotLoaded(() => import("@/features/variables/VariablesPage")),
    "VariablesPage",
  ),
});

const settings = createRoute({
  getParentRoute,
  path: "/settings",
  component: lazyRouteComponent(
    orNotLoaded(() => import("@/features/settings/SettingsPage")),
    "SettingsPage",
  ),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    flows,
    flow,
    endpoints,
    requests,
    jobs,
    job,
    compare,
    deliveries,
    secrets,
    variables,
    settings,
  ]),
  defaultPendingComponent: Loading,
  defaultErrorComponent: PageError,
  defaultPreload: "intent",
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
