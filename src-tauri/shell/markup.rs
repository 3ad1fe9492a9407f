//! Text among the signs of XML and of the markup of notifications.

/// Shows the signs as they are.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_sender_wrote_is_no_markup() {
        assert_eq!(escaped("a <b>&amp;</b>"), "a &lt;b&gt;&amp;amp;&lt;/b&gt;");
    }
}
