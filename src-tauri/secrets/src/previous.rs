//! Values that a secret had before: they stay masked, also after a restart. How they are written in the vault.

use hookloom_sensitive::Sensitive;
use zeroize::Zeroize as _;

/// How many former values of one secret are remembered.
pub(crate) const PREVIOUS_VALUES_MAX: usize = 5;

/// The item of a secret's former values.
pub(crate) fn item(name: &str) -> String {
    format!("previous/{name}")
}

/// Reads former values, the latest first. What cannot be read is nothing: it must not keep a secret from being set.
pub(crate) fn decode(bytes: &[u8]) -> Vec<Sensitive<String>> {
    let values: Vec<String> = serde_json::from_slice(bytes).unwrap_or_default();
    values.into_iter().map(Sensitive::new).collect()
}

/// Former values with one more, the oldest dropped where there are too many.
pub(crate) fn encode_with(
    former: &[Sensitive<String>],
    latest: &Sensitive<String>,
) -> Sensitive<Vec<u8>> {
    let others = former.iter().filter(|value| *value != latest);
    let values: Vec<&str> = std::iter::once(latest)
        .chain(others)
        .take(PREVIOUS_VALUES_MAX)
        .map(|value| value.expose().as_str())
        .collect();
    let mut text = serde_json::Value::from(values).to_string();
    let bytes = Sensitive::new(text.as_bytes().to_vec());
    text.zeroize();
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Sensitive<String> {
        Sensitive::new(text.to_owned())
    }

    #[test]
    fn the_latest_values_are_kept_once_each() {
        let mut former = Vec::new();
        for n in 0..PREVIOUS_VALUES_MAX + 2 {
            former = decode(encode_with(&former, &secret(&format!("v{n} \"quoted\""))).expose());
        }
        former = decode(encode_with(&former, &secret("v5 \"quoted\"")).expose());
        let texts: Vec<&str> = former.iter().map(|value| &value.expose()[..2]).collect();
        assert_eq!(texts, ["v5", "v6", "v4", "v3", "v2"]);
    }

    #[test]
    fn what_is_no_list_is_an_empty_one() {
        assert!(decode(b"").is_empty());
        assert!(decode(b"{\"a\":1}").is_empty());
    }
}
