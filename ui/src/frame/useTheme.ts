/** Light, dark or the system's; and high contrast, beside what the system asks for. */
import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useEffect } from "react";

export type Contrast = "system" | "normal" | "high";

export function useTheme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const shown = useComputedColorScheme("light", { getInitialValueInEffect: false });
  return {
    chosen: colorScheme,
    shown,
    choose: setColorScheme,
    toggle: () => setColorScheme(shown === "dark" ? "light" : "dark"),
  };
}

export function useContrast() {
  const [contrast, setContrast] = useLocalStorage<Contrast>({
    key: "hookloom.contrast",
    defaultValue: "system",
    getInitialValueInEffect: false,
  });
  useEffect(() => {
    const root = document.documentElement;
    if (contrast === "system") root.removeAttribute("data-contrast");
    else root.setAttribute("data-contrast", contrast);
  }, [contrast]);
  return { contrast, setContrast };
}
