//! Pages of the book as they can be run: their commands, what those print, and the files that a page shows.
//!
//! A block with `console` holds commands behind `$ ` and what they print. `…` stands for anything within a line, a line
//! with it alone for any lines. A block with `file=NAME` is written to that file first. A comment that begins with
//! `<!-- before` holds commands that the page needs and its reader does not. What a page only shows is `sh` or `text`;
//! a machine of its own runs `sh` as well.

/// A part of a page, in order.
pub enum Part {
    /// Text of a file to write.
    File { name: String, text: String },
    /// A command and the lines that it prints, if the page shows any; and its exit code.
    Command {
        line: String,
        shown: Vec<String>,
        code: i32,
    },
}

/// Fenced blocks with what stands behind the fence; and hidden commands as the block `before`.
pub fn blocks(text: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, &str, String)> = None;
    for line in text.lines() {
        match &mut open {
            Some((_, end, _)) if line.trim() == *end => {
                let (info, _, block) = open.take().expect("it is open");
                blocks.push((info, block));
            }
            Some((_, _, block)) => {
                block.push_str(line);
                block.push('\n');
            }
            None => {
                if let Some(info) = line.trim_start().strip_prefix("```") {
                    open = Some((info.trim().to_owned(), "```", String::new()));
                } else if line.trim() == "<!-- before" {
                    open = Some(("before".to_owned(), "-->", String::new()));
                }
            }
        }
    }
    blocks
}

/// What everybody may run.
pub fn parts(text: &str) -> Vec<Part> {
    read(text, false)
}

/// The same with what changes the system, for a machine of its own.
#[cfg(target_os = "linux")]
pub fn parts_for_a_machine(text: &str) -> Vec<Part> {
    read(text, true)
}

fn read(text: &str, with_system: bool) -> Vec<Part> {
    let mut parts = Vec::new();
    for (info, block) in blocks(text) {
        let word = |key: &str| {
            info.split(' ')
                .find_map(|word| word.strip_prefix(key).map(str::to_owned))
        };
        if let Some(name) = word("file=") {
            parts.push(Part::File { name, text: block });
        } else if info == "before" {
            let line = format!("set -e\n{block}");
            parts.push(Part::Command {
                line,
                shown: Vec::new(),
                code: 0,
            });
        } else if info == "sh" && with_system {
            let lines = block.lines().map(|line| Part::Command {
                line: line.to_owned(),
                shown: Vec::new(),
                code: 0,
            });
            parts.extend(lines);
        } else if info.split(' ').next() == Some("console") {
            let code = word("exit=").map_or(0, |code| code.parse().expect("an exit code"));
            parts.extend(commands(&block, code));
        }
    }
    parts
}

/// Commands with what they print. A line that ends with a backslash goes on. The last one has the exit code.
fn commands(block: &str, code: i32) -> Vec<Part> {
    let mut commands: Vec<(String, Vec<String>)> = Vec::new();
    let mut goes_on = false;
    for line in block.lines() {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(line), _) => commands.push((line.to_owned(), Vec::new())),
            (None, Some((command, _))) if goes_on => {
                command.push('\n');
                command.push_str(line);
            }
            (None, Some((_, shown))) => shown.push(line.to_owned()),
            (None, None) => panic!("a block of commands begins with `$ `:\n{block}"),
        }
        goes_on = line.ends_with('\\') && (goes_on || line.starts_with("$ "));
    }
    let last = commands.len().saturating_sub(1);
    let parts = commands
        .into_iter()
        .enumerate()
        .map(|(place, (line, shown))| {
            let code = if place == last { code } else { 0 };
            Part::Command { line, shown, code }
        });
    parts.collect()
}

/// Whether what was printed is what the page shows. A page that shows nothing promises nothing.
pub fn compare(shown: &[String], printed: &str) -> Result<(), String> {
    let printed: Vec<String> = printed
        .lines()
        .map(squeezed)
        .filter(|line| !line.is_empty())
        .collect();
    let shown: Vec<String> = shown
        .iter()
        .map(|line| squeezed(line).replace(" …", "…").replace("… ", "…"))
        .filter(|line| !line.is_empty())
        .collect();
    if shown.is_empty() || fits(&shown, &printed) {
        return Ok(());
    }
    Err(format!(
        "shows:\n{}\nand it printed:\n{}",
        shown.join("\n"),
        printed.join("\n")
    ))
}

fn fits(shown: &[String], printed: &[String]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((line, rest)) if line == "…" => {
            (0..=printed.len()).any(|skip| fits(rest, &printed[skip..]))
        }
        Some((line, rest)) => printed
            .split_first()
            .is_some_and(|(first, others)| line_fits(line, first) && fits(rest, others)),
    }
}

fn line_fits(shown: &str, printed: &str) -> bool {
    match shown.split_once('…') {
        None => shown == printed,
        Some((head, tail)) => printed.strip_prefix(head).is_some_and(|rest| {
            (0..=rest.len())
                .any(|skip| rest.is_char_boundary(skip) && line_fits(tail, &rest[skip..]))
        }),
    }
}

/// Widths of columns depend on what stands in them.
fn squeezed(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}
