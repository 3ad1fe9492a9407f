/** Everything the screens may know of the control API. */
export * from "./error";
export * from "./installation";
export * from "./look";
export * from "./lookQueries";
export * from "./operations";
export * from "./queries";
export * from "./types";
export { HELD_COUNT_MAX, startLive, useLive } from "./live";
export * from "./sending";
