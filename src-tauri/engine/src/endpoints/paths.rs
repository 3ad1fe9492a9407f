//! From the segments of a path to what has that path. A text goes before a parameter.
//!
//! Knows no HTTP: who asks splits and decodes the path.

use std::collections::HashMap;

use hookloom_model::document::{PathPattern, PathSegment};
use serde_json::{Map, Value};

/// Things by the pattern of their path.
#[derive(Debug, Clone)]
pub(super) struct PathTree<T> {
    literals: HashMap<String, PathTree<T>>,
    parameter: Option<Box<PathTree<T>>>,
    /// What has the path that ends here, each with the names of its parameters in order.
    ends: Vec<(Vec<String>, T)>,
}

impl<T> Default for PathTree<T> {
    fn default() -> Self {
        Self {
            literals: HashMap::new(),
            parameter: None,
            ends: Vec::new(),
        }
    }
}

impl<T> PathTree<T> {
    pub fn insert(&mut self, pattern: &PathPattern, thing: T) {
        let mut names = Vec::new();
        let mut node = self;
        for segment in &pattern.segments {
            node = match segment {
                PathSegment::Literal(text) => node.literals.entry(text.clone()).or_default(),
                PathSegment::Parameter(name) => {
                    names.push(name.clone());
                    node.parameter.get_or_insert_default()
                }
            };
        }
        node.ends.push((names, thing));
    }

    /// Everything that has this path, with the path's parameters. Among patterns that fit, the one with the earliest
    /// text counts, and no other.
    pub fn find(&self, segments: &[&str]) -> Vec<(&T, Map<String, Value>)> {
        let mut values = Vec::new();
        let Some(end) = self.walk(segments, &mut values) else {
            return Vec::new();
        };
        end.ends
            .iter()
            .map(|(names, thing)| {
                let parameters = names
                    .iter()
                    .zip(&values)
                    .map(|(name, value)| (name.clone(), Value::from(*value)));
                (thing, parameters.collect())
            })
            .collect()
    }

    fn walk<'s, 'v>(&'s self, segments: &[&'v str], values: &mut Vec<&'v str>) -> Option<&'s Self> {
        let Some((first, rest)) = segments.split_first() else {
            return (!self.ends.is_empty()).then_some(self);
        };
        if let Some(next) = self.literals.get(*first)
            && let Some(end) = next.walk(rest, values)
        {
            return Some(end);
        }
        let next = self.parameter.as_ref().filter(|_| !first.is_empty())?;
        values.push(first);
        let end = next.walk(rest, values);
        if end.is_none() {
            values.pop();
        }
        end
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tree(patterns: &[&str]) -> PathTree<usize> {
        let mut tree = PathTree::default();
        for (n, text) in patterns.iter().enumerate() {
            tree.insert(&PathPattern::parse(text).expect("a path"), n);
        }
        tree
    }

    fn found(tree: &PathTree<usize>, path: &str) -> Vec<(usize, String)> {
        let segments: Vec<&str> = path.split('/').collect();
        tree.find(&segments)
            .into_iter()
            .map(|(n, parameters)| (*n, Value::Object(parameters).to_string()))
            .collect()
    }

    #[test]
    fn a_text_goes_before_a_parameter_and_a_dead_end_is_left_again() {
        let tree = tree(&[
            "orders/{id}",
            "orders/new",
            "orders/new/{x}/end",
            "orders/{id}/{y}/stop",
            "{any}",
        ]);
        assert_eq!(found(&tree, "orders/new"), [(1, "{}".into())]);
        assert_eq!(found(&tree, "orders/7"), [(0, r#"{"id":"7"}"#.into())]);
        assert_eq!(
            found(&tree, "orders/new/a/stop"),
            [(3, r#"{"id":"new","y":"a"}"#.into())]
        );
        assert_eq!(found(&tree, "orders"), [(4, r#"{"any":"orders"}"#.into())]);
        for none in ["", "orders/", "orders/a/b", "orders//stop/x", "orders/7/"] {
            assert_eq!(found(&tree, none), [], "{none}");
        }
    }

    #[test]
    fn one_path_can_have_several_things_with_names_of_their_own() {
        let tree = tree(&["orders/{id}", "orders/{orderId}"]);
        let both = [
            (0, r#"{"id":"7"}"#.into()),
            (1, r#"{"orderId":"7"}"#.into()),
        ];
        assert_eq!(found(&tree, "orders/7"), both);
    }

    proptest! {
        #[test]
        fn a_path_without_parameters_is_found_by_itself_alone(paths in prop::collection::hash_set("[ab]{1,2}(/[ab]{1,2}){0,3}", 1..8)) {
            let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
            let tree = tree(&paths);
            for (n, path) in paths.iter().enumerate() {
                prop_assert_eq!(found(&tree, path), [(n, "{}".to_owned())]);
            }
        }
    }
}
