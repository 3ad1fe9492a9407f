/** Errors in words: those of the API bring their own, the others get theirs here. */
import { ApiError } from "@/api/error";
import { useTranslation } from "@/i18n";
import { isNotLoaded } from "@/platform";

export interface ErrorWords {
  message: string;
  hint: string | null;
}

export function useErrorWords(): (error: unknown) => ErrorWords {
  const { t } = useTranslation();
  return (error) => {
    if (isNotLoaded(error)) {
      return { message: t("error.notLoaded"), hint: t("error.notLoadedHint") };
    }
    if (!(error instanceof ApiError)) {
      const cause = error instanceof Error ? ` (${error.message})` : "";
      return { message: t("error.inUi"), hint: t("error.inUiHint") + cause };
    }
    if (error.code === "unreachable") {
      return { message: error.message || t("error.unreachable"), hint: t("error.unreachableHint") };
    }
    if (error.code === "unexpected_answer") {
      const message = t("error.unexpected", { status: error.status });
      return { message, hint: t("error.unexpectedHint") };
    }
    return { message: error.message, hint: error.hint };
  };
}

/** The API masks secrets before it answers, so that these details can be passed on. */
export function errorDetails(error: ApiError): string {
  return JSON.stringify(
    {
      call: error.call,
      status: error.status,
      code: error.code,
      message: error.message,
      hint: error.hint,
      problems: error.problems,
      at: new Date().toISOString(),
    },
    null,
    2,
  );
}
