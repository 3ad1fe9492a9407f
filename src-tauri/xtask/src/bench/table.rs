//! The table of ratios, as Markdown.

use std::time::Duration;

/// One comparison.
pub struct Row {
    what: String,
    against: &'static str,
    ours: f64,
    bare: f64,
    goal: f64,
}

impl Row {
    /// A comparison of the medians, in operations a second.
    pub fn new(
        what: String,
        against: &'static str,
        ours: Vec<f64>,
        bare: Vec<f64>,
        goal: f64,
    ) -> Self {
        Self {
            what,
            against,
            ours: median(ours),
            bare: median(bare),
            goal,
        }
    }
}

/// A finding that is compared with nothing but its goal.
pub struct Figure {
    /// What was measured.
    pub what: String,
    /// What was found, with its unit.
    pub found: String,
    /// What was wanted.
    pub goal: &'static str,
    /// Whether it was reached.
    pub is_met: bool,
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Prints the table with the facts that it depends on.
pub fn print(rows: &[Row], figures: &[Figure], fdatasync: Duration) {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!(
        "\n{cores} cores, fdatasync of 4 KiB {:.2} ms (median)\n",
        fdatasync.as_secs_f64() * 1e3
    );
    println!("| what | a second | against | a second | ratio | goal |");
    println!("|---|---:|---|---:|---:|---:|");
    for Row {
        what,
        against,
        ours,
        bare,
        goal,
    } in rows
    {
        let ratio = ours / bare;
        let mark = if ratio >= *goal { "" } else { " (missed)" };
        println!("| {what} | {ours:.0} | {against} | {bare:.0} | {ratio:.2} | ≥ {goal}{mark} |");
    }
    if figures.is_empty() {
        return;
    }
    println!("\n| what | found | goal |");
    println!("|---|---:|---|");
    for Figure {
        what,
        found,
        goal,
        is_met,
    } in figures
    {
        let mark = if *is_met { "" } else { " (missed)" };
        println!("| {what} | {found} | {goal}{mark} |");
    }
}
