/** The kit's theme, made from our tokens: colours are named here and defined only in `tokens.css`. */
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

const teal: MantineColorsTuple = [
  "#dff3f0",
  "#c0e8e3",
  "#93d9d1",
  "#5fe0d3",
  "#2cc5b6",
  "#12a398",
  "#0b7f77",
  "#086b64",
  "#076860",
  "#054b46",
];

// The kit mixes its own greys into parts that we do not style: they become our slate.
const gray: MantineColorsTuple = [
  "#f7f8fa",
  "#f1f3f6",
  "#eceff3",
  "#e1e5eb",
  "#c9d0d9",
  "#a9b4c0",
  "#8490a0",
  "#525e6d",
  "#2c3643",
  "#17202c",
];

const dark: MantineColorsTuple = [
  "#e6ebf2",
  "#c3cedb",
  "#a3b0bf",
  "#66778d",
  "#3a4859",
  "#263140",
  "#1b2430",
  "#161d26",
  "#121921",
  "#10151c",
];

export const theme = createTheme({
  primaryColor: "teal",
  primaryShade: { light: 6, dark: 4 },
  autoContrast: true,
  colors: { teal, dark, gray },
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--mono)",
  headings: { fontFamily: "var(--font)", fontWeight: "600" },
  defaultRadius: 6,
  respectReducedMotion: true,
  cursorType: "pointer",
  fontSizes: { xs: "11px", sm: "13px", md: "13px", lg: "16px", xl: "20px" },
  lineHeights: { xs: "16px", sm: "20px", md: "20px", lg: "24px", xl: "28px" },
  components: {
    Button: { defaultProps: { size: "xs", variant: "default" } },
    ActionIcon: { defaultProps: { variant: "subtle", size: 28 } },
    ModalRoot: { defaultProps: { transitionProps: { duration: 120 } } },
    // Inside its landmark, and without the empty element that the kit focuses first.
    Menu: {
      defaultProps: {
        transitionProps: { duration: 120 },
        position: "bottom-end",
        withinPortal: false,
        withInitialFocusPlaceholder: false,
      },
    },
    TextInput: { defaultProps: { size: "xs" } },
    PasswordInput: { defaultProps: { size: "xs" } },
    Textarea: { defaultProps: { size: "xs" } },
    NativeSelect: { defaultProps: { size: "xs" } },
    Select: { defaultProps: { size: "xs", comboboxProps: { transitionProps: { duration: 120 } } } },
    Autocomplete: { defaultProps: { size: "xs" } },
    SegmentedControl: { defaultProps: { size: "xs", transitionDuration: 120 } },
    Tabs: { defaultProps: { keepMounted: false } },
  },
});

const shared = {
  "--mantine-color-body": "var(--surface)",
  "--mantine-color-text": "var(--text)",
  "--mantine-color-dimmed": "var(--muted)",
  "--mantine-color-placeholder": "var(--faint)",
  "--mantine-color-anchor": "var(--accent-text)",
  "--mantine-color-error": "var(--bad)",
  "--mantine-color-default": "var(--surface)",
  "--mantine-color-default-hover": "var(--sunken)",
  "--mantine-color-default-color": "var(--text)",
  "--mantine-color-default-border": "var(--line-strong)",
  "--mantine-primary-color-filled": "var(--accent)",
  "--mantine-primary-color-filled-hover": "var(--accent-hover)",
  "--mantine-primary-color-contrast": "var(--on-accent)",
};

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: shared,
  dark: shared,
});
