//! What became of the parts of a file on their way in or out.

/// More notes than this are counted, not told.
pub const NOTES_MAX: usize = 500;
/// A text of somebody else's file is quoted up to this.
const QUOTED_CHARS_MAX: usize = 80;

/// What became of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It is there, and means the same.
    Kept,
    /// It is there, and is not quite the same.
    Changed,
    /// It is not there.
    Dropped,
}

/// One part, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub fate: Fate,
    /// The part, in the words of the file.
    pub what: String,
    /// The reason, a sentence.
    pub why: String,
}

/// Notes, within a bound.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notes {
    told: Vec<Note>,
    untold: usize,
}

impl Notes {
    pub(super) fn kept(&mut self, what: impl Into<String>, why: impl Into<String>) {
        self.tell(Fate::Kept, what.into(), why.into());
    }

    pub(super) fn changed(&mut self, what: impl Into<String>, why: impl Into<String>) {
        self.tell(Fate::Changed, what.into(), why.into());
    }

    pub(super) fn dropped(&mut self, what: impl Into<String>, why: impl Into<String>) {
        self.tell(Fate::Dropped, what.into(), why.into());
    }

    fn tell(&mut self, fate: Fate, what: String, why: String) {
        if self.told.len() >= NOTES_MAX {
            // Not even compared: a file may have a million of them.
            self.untold += 1;
            return;
        }
        let note = Note { fate, what, why };
        if !self.told.contains(&note) {
            self.told.push(note);
        }
    }

    /// In the order in which they were made; the last one counts what did not fit.
    pub fn into_vec(mut self) -> Vec<Note> {
        if self.untold > 0 {
            self.told.push(Note {
                fate: Fate::Dropped,
                what: format!("{} more notes", self.untold),
                why: format!("A report has at most NOTES_MAX = {NOTES_MAX} of them."),
            });
        }
        self.told
    }
}

/// A text of the file, as a note quotes it: short, and in one line.
pub(super) fn quoted(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(QUOTED_CHARS_MAX)
        .collect();
    if text.chars().count() > QUOTED_CHARS_MAX {
        shown.push('…');
    }
    format!("`{shown}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_notes_is_counted() {
        let mut notes = Notes::default();
        notes.dropped("part 0", "no place");
        for number in 0..NOTES_MAX + 3 {
            notes.dropped(format!("part {number}"), "no place");
        }
        let told = notes.into_vec();
        assert_eq!(told.len(), NOTES_MAX + 1);
        assert_eq!(told[NOTES_MAX].what, "3 more notes");
    }

    #[test]
    fn a_quoted_text_is_short_and_in_one_line() {
        let shown = quoted(&format!("a\nb{}", "x".repeat(200)));
        assert!(
            shown.starts_with("`a b") && shown.ends_with("…`"),
            "{shown}"
        );
        assert_eq!(shown.chars().count(), QUOTED_CHARS_MAX + 3);
    }
}
