//! Colour, where a terminal shows it.

/// Whether text is coloured.
#[derive(Debug, Clone, Copy)]
pub struct Paint {
    on: bool,
}

/// What a word means, not how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Good,
    Bad,
    Busy,
    Quiet,
    Strong,
}

impl Paint {
    /// Colour or none.
    pub fn when(on: bool) -> Self {
        Self { on }
    }

    /// The text in the colour of its meaning.
    pub fn tone(self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Plain => return text.to_owned(),
            Tone::Good => "32",
            Tone::Bad => "31",
            Tone::Busy => "33",
            Tone::Quiet => "2",
            Tone::Strong => "1",
        };
        if self.on {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

/// The meaning of a state's or a verdict's name.
pub fn tone_of(state: &str) -> Tone {
    match state {
        "complete" | "delivered" | "accepted" | "live" | "stored" | "ready" | "listening" => {
            Tone::Good
        }
        "failed" | "timed_out" | "rejected" | "missing" | "unreadable" | "locked" | "absent"
        | "error" | "interrupted" => Tone::Bad,
        "running" | "sending" | "waiting" | "queued" | "pending" | "paused" | "held" | "slow"
        | "starting" | "warning" => Tone::Busy,
        "skipped" | "canceled" | "off" | "duplicate" => Tone::Quiet,
        _ => Tone::Plain,
    }
}

/// Text from outside with every control character made visible: it must not steer a terminal.
pub fn harmless(text: &str) -> String {
    let is_harmful = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || ('\u{202a}'..='\u{202e}').contains(&c)
            || ('\u{2066}'..='\u{2069}').contains(&c)
    };
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_harmful(c) {
            shown.extend(c.escape_unicode())
        } else {
            shown.push(c)
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_outside_cannot_steer_the_terminal() {
        assert_eq!(
            harmless("a\x1b[2Jb\u{202e}c\r"),
            "a\\u{1b}[2Jb\\u{202e}c\\u{d}"
        );
        assert_eq!(harmless("zwei\nZeilen\tä"), "zwei\nZeilen\tä");
    }

    #[test]
    fn without_a_terminal_there_is_no_colour() {
        assert_eq!(Paint::when(false).tone(Tone::Bad, "failed"), "failed");
        assert_eq!(
            Paint::when(true).tone(Tone::Bad, "failed"),
            "\x1b[31mfailed\x1b[0m"
        );
    }
}
