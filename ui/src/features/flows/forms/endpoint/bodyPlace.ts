/** How the values in a body are escaped, by the header that says what it is. Pure. */
import { isFields, text } from "../../document";
import type { TemplatePlace } from "../types";

export function bodyPlace(headers: unknown, usual: TemplatePlace): TemplatePlace {
  const found = Object.entries(isFields(headers) ? headers : {}).find(
    ([name]) => name.toLowerCase() === "content-type",
  );
  if (!found) return usual;
  const [type = ""] = text(found[1]).toLowerCase().split(";");
  if (/^(application|text)\/json$|\+json$/.test(type.trim())) return "json";
  if (type.trim() === "application/x-www-form-urlencoded") return "form";
  if (/^(application|text)\/xml$|\+xml$/.test(type.trim())) return "xml";
  return "text";
}
