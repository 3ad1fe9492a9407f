import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { createRoot } from "react-dom/client";
import "@fontsource-variable/inter/wght.css";
import "@fontsource/jetbrains-mono/400.css";
import "@/design/kit.css";
import "@/design/tokens.css";
import "@/design/base.css";
import "@/design/mantine.css";
import { NoticeLayer } from "@/design/NoticeLayer";
import { cssVariables, theme } from "@/design/theme";
import { App } from "@/frame/App";
import { startI18n } from "@/i18n";
import { exchangeCode, keepLanguageSound, takeCode } from "@/platform";

const colorScheme = localStorageColorSchemeManager({ key: "hookloom.theme" });

async function start() {
  keepLanguageSound();
  startI18n();
  const code = takeCode();
  const spentCode = code !== null && !(await exchangeCode(code).catch(() => false));
  const root = document.getElementById("root");
  if (!root) throw new Error("index.html has no element with the id root");
  createRoot(root).render(
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorScheme}
      defaultColorScheme="auto"
    >
      <NoticeLayer />
      <App spentCode={spentCode} />
    </MantineProvider>,
  );
}

void start();
