//! JSON text as the interpreter writes it: made sound where JavaScript is looser than others, and measured.

/// The escape of an unpaired surrogate becomes that of U+FFFD. Gives how many there were.
///
/// The interpreter writes pairs as they are, so that every escape of a surrogate is one without its other half.
pub(super) fn mend_surrogates(text: &mut String) -> usize {
    let mut at = 0;
    let mut places = Vec::new();
    let bytes = text.as_bytes();
    while let Some(found) = bytes[at..].iter().position(|&byte| byte == b'\\') {
        let escape = at + found;
        if is_surrogate(&bytes[escape..]) {
            places.push(escape);
        }
        // The character behind the backslash is part of the escape, also if it is a backslash.
        at = (escape + 2).min(bytes.len());
    }
    if !places.is_empty() {
        let mut bytes = std::mem::take(text).into_bytes();
        for place in &places {
            bytes[place + 2..place + 6].copy_from_slice(b"fffd");
        }
        *text = String::from_utf8(bytes).unwrap_or_default();
    }
    places.len()
}

fn is_surrogate(escape: &[u8]) -> bool {
    matches!(
        escape,
        [
            b'\\',
            b'u',
            b'd' | b'D',
            b'8'..=b'9' | b'a'..=b'f' | b'A'..=b'F',
            ..,
        ]
    ) && escape.len() >= 6
}

/// Lists and objects within one another.
pub(super) fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'"' => skip_text(&mut bytes),
            _ => {}
        }
    }
    deepest
}

fn skip_text(bytes: &mut impl Iterator<Item = u8>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return,
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mended(text: &str) -> (String, usize) {
        let mut text = text.to_owned();
        let count = mend_surrogates(&mut text);
        (text, count)
    }

    #[test]
    fn an_unpaired_surrogate_becomes_the_replacement_character() {
        assert_eq!(mended(r#""a\ud800b""#), (r#""a\ufffdb""#.to_owned(), 1));
        assert_eq!(
            mended(r#"{"\udFFF":"\uDBff"}"#),
            (r#"{"\ufffd":"\ufffd"}"#.to_owned(), 2)
        );
        for same in [
            r#""\\ud800""#,
            r#""\u0041""#,
            r#""\ud7ff""#,
            "\"\u{1f600}\"",
            r#""\\"#,
        ] {
            assert_eq!(mended(same), (same.to_owned(), 0), "{same}");
        }
        assert_eq!(mended(r#""\\\ud800""#), (r#""\\\ufffd""#.to_owned(), 1));
    }

    #[test]
    fn depth_counts_brackets_outside_of_texts() {
        assert_eq!(depth(r#"{"a[[[": [1, {"b\"{{": "]"}]}"#), 3);
        assert_eq!(depth("5"), 0);
    }

    proptest! {
        #[test]
        fn json_without_surrogates_stays_as_it_is(text in ".*") {
            let json = serde_json::to_string(&text).expect("a text is JSON");
            prop_assert_eq!(mended(&json), (json, 0));
        }

        #[test]
        fn whatever_is_mended_is_not_mended_again(text in r#"[\\ud89aef0-9"]{0,40}"#) {
            let (once, _) = mended(&text);
            prop_assert_eq!(mended(&once), (once, 0));
        }
    }
}
