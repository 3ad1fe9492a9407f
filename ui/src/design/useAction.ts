/** An operation that a person started: its result is shown and said, its cache is refreshed. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useErrorWords } from "./errorWords";
import { notify } from "./notices";

interface ActionOptions<Input, Output> {
  run: (input: Input) => Promise<Output>;
  /** Cache tags that the operation makes stale; live updates do the same, but later. */
  stale?: (input: Input, output: Output) => string[];
  /** The sentence shown after success. */
  done?: (input: Input, output: Output) => string;
  onDone?: (output: Output, input: Input) => void;
  /** The form shows the error itself. */
  quiet?: boolean;
}

export function useAction<Input = void, Output = unknown>(options: ActionOptions<Input, Output>) {
  const client = useQueryClient();
  const words = useErrorWords();
  return useMutation<Output, Error, Input>({
    mutationFn: options.run,
    onSuccess: (output, input) => {
      for (const tag of options.stale?.(input, output) ?? []) {
        void client.invalidateQueries({ queryKey: tag.split(":") });
      }
      const message = options.done?.(input, output);
      if (message) notify({ message, tone: "good" });
      options.onDone?.(output, input);
    },
    onError: (error) => {
      if (options.quiet) return;
      const { message, hint } = words(error);
      notify({ title: message, message: hint ?? "", tone: "bad", long: true });
    },
  });
}
