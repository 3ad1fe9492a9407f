//! Text in its charset: that of a byte order mark, of the content type, of an XML declaration, else UTF-8.

use encoding_rs::{Encoding, UTF_8};

use super::parse::Malformed;

/// How far an XML declaration is looked for.
const DECLARATION_BYTES_MAX: usize = 256;

/// Decodes bytes; what is not in the charset becomes U+FFFD.
pub(super) fn decode(content_type: &str, bytes: &[u8]) -> Result<String, Malformed> {
    let encoding = match charset(content_type) {
        Some(label) => Encoding::for_label(label.as_bytes()).ok_or_else(|| {
            let shown: String = label.chars().take(40).collect();
            Malformed::whole(format!(
                "the charset `{shown}` of its Content-Type is unknown"
            ))
        })?,
        None => declared(bytes).unwrap_or(UTF_8),
    };
    let (text, _, _) = encoding.decode(bytes);
    Ok(text.into_owned())
}

fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches('"'))
    })
}

/// The encoding in `<?xml version="1.0" encoding="…"?>`.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(DECLARATION_BYTES_MAX)];
    let head = head.strip_prefix(b"<?xml")?;
    let end = head.windows(2).position(|pair| pair == b"?>")?;
    let declaration = std::str::from_utf8(&head[..end]).ok()?;
    let value = declaration.split_once("encoding")?.1.trim_start();
    let value = value.strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Encoding::for_label(value[1..].split(quote).next()?.as_bytes())
}
