/** The place of a value in words: as a path, and as the expression that reads it in a template. Pure. */
export type Path = readonly (string | number)[];

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** `customer.items[0]["first name"]` */
export function pathText(path: Path): string {
  return path.map((key, at) => step(key, at === 0)).join("");
}

/** `{{requestBody.items[0].sku}}` */
export function expressionText(root: string, path: Path): string {
  return `{{${root}${path.map((key) => step(key, false)).join("")}}}`;
}

function step(key: string | number, isFirst: boolean): string {
  if (typeof key === "number") return `[${key}]`;
  if (!NAME.test(key)) return `[${JSON.stringify(key)}]`;
  return isFirst ? key : `.${key}`;
}
