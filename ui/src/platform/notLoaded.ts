/**
 * Code that did not come: each page, and each large part of one, is loaded when it is first needed, and Hookloom may have
 * ended since the window was opened.
 */
export class NotLoaded extends Error {
  constructor(cause: unknown) {
    super("not loaded", { cause });
  }
}

/** How the engines, and Vite for styles, tell of it. */
const TOLD =
  /Unable to preload|Failed to fetch dynamically imported|error loading dynamically imported|Importing a module script failed/i;

export const isNotLoaded = (error: unknown): boolean =>
  error instanceof NotLoaded || (error instanceof Error && TOLD.test(error.message));

/**
 * The same code, with an error of ours: the router would load the window anew at the engine's own, and leave the browser's
 * page of errors where Hookloom does not answer.
 */
export const orNotLoaded =
  <Module>(load: () => Promise<Module>) =>
  () =>
    load().catch((error: unknown) => {
      throw new NotLoaded(error);
    });
