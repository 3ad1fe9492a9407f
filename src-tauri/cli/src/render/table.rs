//! Aligned columns.

use super::paint::{Paint, Tone, harmless};

/// A cell wider than this is cut in a list; `show` and `--json` have it whole.
const CELL_CHARS_MAX: usize = 60;

/// Rows under headings.
pub struct Table {
    headings: Vec<&'static str>,
    rows: Vec<Vec<(String, Tone)>>,
}

impl Table {
    /// A table without rows.
    pub fn new(headings: &[&'static str]) -> Self {
        Self {
            headings: headings.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a row: a cell for each heading.
    pub fn row(&mut self, cells: Vec<(String, Tone)>) {
        let cut = |(text, tone): (String, Tone)| (one_line(&text), tone);
        self.rows.push(cells.into_iter().map(cut).collect());
    }

    /// The text, or what is said when there are no rows.
    pub fn text(&self, paint: Paint, when_empty: &str) -> String {
        if self.rows.is_empty() {
            return when_empty.to_owned();
        }
        let width_of = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            let widest = cells
                .map(|(text, _)| text.chars().count())
                .max()
                .unwrap_or(0);
            widest.max(self.headings[column].chars().count())
        };
        let widths: Vec<usize> = (0..self.headings.len()).map(width_of).collect();
        let headings = self
            .headings
            .iter()
            .map(|it| ((*it).to_owned(), Tone::Quiet))
            .collect();
        std::iter::once(&headings)
            .chain(&self.rows)
            .map(|row| line(row, &widths, paint))
            .collect()
    }
}

fn line(row: &[(String, Tone)], widths: &[usize], paint: Paint) -> String {
    let mut text = String::new();
    for (index, ((cell, tone), width)) in row.iter().zip(widths).enumerate() {
        text.push_str(&paint.tone(*tone, cell));
        if index + 1 < row.len() {
            // Padded outside the colour: escape sequences have no width.
            text.push_str(&" ".repeat(width + 2 - cell.chars().count()));
        }
    }
    text.push('\n');
    text
}

fn one_line(text: &str) -> String {
    let text = harmless(text).replace(['\n', '\t'], " ");
    if text.chars().count() <= CELL_CHARS_MAX {
        return text;
    }
    let kept: String = text.chars().take(CELL_CHARS_MAX - 1).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_by_characters_and_the_last_is_not_padded() {
        let mut table = Table::new(&["NAME", "STATE"]);
        table.row(vec![("é".into(), Tone::Plain), ("live".into(), Tone::Good)]);
        table.row(vec![
            ("intake".into(), Tone::Plain),
            ("off".into(), Tone::Quiet),
        ]);
        let text = table.text(Paint::when(false), "nothing");
        assert_eq!(text, "NAME    STATE\né       live\nintake  off\n");
    }

    #[test]
    fn a_long_cell_is_cut_and_an_empty_table_says_so() {
        let mut table = Table::new(&["A"]);
        assert_eq!(table.text(Paint::when(false), "No jobs."), "No jobs.");
        table.row(vec![("x".repeat(100), Tone::Plain)]);
        let text = table.text(Paint::when(false), "");
        assert!(
            text.ends_with("x…\n")
                && text
                    .lines()
                    .last()
                    .is_some_and(|it| it.chars().count() == 60)
        );
    }
}
