//! What each filter does, in a few words: for people who write an expression, not for the evaluation.

/// The name of every filter, and what it makes of its value.
pub const FILTERS_DESCRIBED: &[(&str, &str)] = &[
    ("abs", "the number without its sign"),
    ("capitalize", "the text with a capital at its beginning"),
    ("count", "how many characters, items or fields there are"),
    ("d", "short for `default`"),
    (
        "default",
        "another value where there is none: `name | default(\"none\")`",
    ),
    ("first", "the first item of a list"),
    ("float", "the value as a number"),
    ("int", "the value as a whole number"),
    ("join", "one text of a list's items: `items | join(\", \")`"),
    ("json", "the value as JSON text"),
    ("keys", "the names of an object's fields"),
    ("last", "the last item of a list"),
    ("length", "how many characters, items or fields there are"),
    ("lower", "the text in small letters"),
    (
        "map",
        "one field of each item: `items | map(attribute=\"id\")`",
    ),
    ("max", "the greatest item of a list"),
    ("min", "the smallest item of a list"),
    (
        "path",
        "several segments of a URL's path, with their slashes",
    ),
    (
        "rejectattr",
        "the items whose field does not pass a test: `items | rejectattr(\"sold\")`",
    ),
    (
        "replace",
        "the text with one part for another: `name | replace(\"a\", \"b\")`",
    ),
    ("reverse", "the list or the text from its end"),
    ("round", "the number, rounded: `total | round(2)`"),
    (
        "selectattr",
        "the items whose field passes a test: `items | selectattr(\"sold\")`",
    ),
    (
        "sort",
        "the list in order: `items | sort(attribute=\"name\")`",
    ),
    ("split", "a list of a text's parts: `name | split(\",\")`"),
    ("string", "the value as text"),
    ("sum", "all numbers of a list together"),
    ("trim", "the text without spaces around it"),
    ("unique", "the list with each item once"),
    ("upper", "the text in capitals"),
    ("values", "the values of an object's fields"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::FILTERS;

    #[test]
    fn every_filter_is_described_and_nothing_else() {
        let described: Vec<&str> = FILTERS_DESCRIBED.iter().map(|(name, _)| *name).collect();
        assert_eq!(described, FILTERS);
    }
}
