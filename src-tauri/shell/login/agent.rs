//! The text of a launch agent of macOS.

use crate::markup::escaped;

/// Starts a program with arguments at login.
pub fn text(name: &str, words: &[String]) -> String {
    let words: String = words
        .iter()
        .map(|word| format!("    <string>{}</string>\n", escaped(word)))
        .collect();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>{}</string>
  <key>ProgramArguments</key>
  <array>
{words}  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>ProcessType</key>
  <string>Interactive</string>
</dict>
</plist>
"#,
        escaped(name)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_signs_of_xml_stays_a_path() {
        let words = ["/a<b>&c".to_owned(), "--hidden".to_owned()];
        let text = text("dev.hookloom.workbench", &words);
        assert!(
            text.contains("<string>/a&lt;b&gt;&amp;c</string>"),
            "{text}"
        );
        assert_eq!(text.matches("<string>").count(), 4);
    }
}
