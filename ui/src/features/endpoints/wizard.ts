/** All steps of the wizard are as large: its buttons stay where they are from one to the next. */
export const WIZARD_PX = { width: 620, height: 470 };
