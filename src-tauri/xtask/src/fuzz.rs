//! Runs the fuzz targets of `src-tauri/fuzz` for a while each, and says how many inputs they tried.
//!
//! libFuzzer needs a nightly toolchain and cargo-fuzz; what is missing is named, with the command that installs it. The
//! targets stay a workspace of their own, so that no other command builds them. What a target finds is kept under
//! `target/fuzz`, and a failure prints the input and how to run it again. A run begins with a target that has to fail.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the targets are, below the root.
const FUZZ: &str = "src-tauri/fuzz";
/// The target whose claim is wrong, what it begins with, and how long finding that may take. What it begins with is one byte
/// away from a find: without it luck decided, and a million inputs could pass.
const CONTROL: &str = "control";
const CONTROL_SEED: &str = "https://a.b/{{aa}}";
const CONTROL_S_MAX: u32 = 60;
/// A single input may take this long.
const INPUT_S_MAX: u32 = 10;
/// A target may need this much memory, in MiB.
const MEMORY_MIB_MAX: u32 = 2_048;
/// The longest input that is tried.
const INPUT_BYTES_MAX: u32 = 16 * 1024;

/// What to run.
pub struct Effort {
    /// One target; all of them if it is none.
    pub target: Option<String>,
    /// For each.
    pub seconds: u32,
}

/// Why nothing was fuzzed, or what was found.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot read {FUZZ}/seeds")]
    Seeds(#[source] io::Error),
    #[error("there is no fuzz target `{given}`; there is {}", known.join(", "))]
    Unknown { given: String, known: Vec<String> },
    #[error("{what} is missing: run `{install}`, then this again")]
    Missing {
        what: &'static str,
        install: &'static str,
    },
    #[error("cargo cannot be started")]
    Start(#[source] io::Error),
    #[error("the targets do not build")]
    Build,
    #[error(
        "the target `{CONTROL}` claims what is wrong, and fuzzing did not find it within {CONTROL_S_MAX} s: a run without a \
         find would say nothing"
    )]
    Control,
    #[error(
        "{} failed; the input stands above, and `cargo +nightly fuzz run --fuzz-dir {FUZZ} --sanitizer none TARGET FILE` \
         runs it again. Write a test of it first",
        targets.join(", ")
    )]
    Found { targets: Vec<String> },
}

/// Runs the targets one after the other, and prints a table.
pub fn run(root: &Path, effort: &Effort) -> Result<(), Error> {
    let known = targets(root)?;
    let wanted = match &effort.target {
        None => known,
        Some(given) if known.contains(given) => vec![given.clone()],
        Some(given) => {
            let given = given.clone();
            return Err(Error::Unknown { given, known });
        }
    };
    check_tools()?;
    if !fuzz(root, &["build", "--sanitizer", "none"])?
        .status
        .success()
    {
        return Err(Error::Build);
    }
    let control = run_control(root)?;
    println!(
        "\n==> {CONTROL}: its wrong claim was found after {} inputs",
        control.executions
    );
    let mut failed = Vec::new();
    let mut rows = Vec::new();
    for target in wanted {
        println!("\n==> {target} for {} s", effort.seconds);
        let ran = run_target(root, &target, effort.seconds)?;
        if !ran.is_fine {
            println!("{}", ran.said);
        }
        rows.push(format!(
            "{target:<20} {:>14} {:>10}",
            ran.executions, ran.features
        ));
        if !ran.is_fine {
            failed.push(target);
        }
    }
    println!("\n{:<20} {:>14} {:>10}", "target", "executions", "features");
    rows.iter().for_each(|row| println!("{row}"));
    match failed.is_empty() {
        true => Ok(()),
        false => Err(Error::Found { targets: failed }),
    }
}

struct Ran {
    is_fine: bool,
    executions: String,
    /// What libFuzzer counts as covered.
    features: String,
    /// The stack and the input, which stand at the end.
    said: String,
}

/// With nothing that earlier runs learned, so that it finds by itself what is wrong.
fn run_control(root: &Path) -> Result<Ran, Error> {
    let folder = root.join("target/fuzz").join(CONTROL);
    let _ = fs::remove_dir_all(&folder);
    let (corpus, found) = (folder.join("corpus"), folder.join("found"));
    fs::create_dir_all(&corpus).map_err(Error::Start)?;
    fs::write(corpus.join("seed"), CONTROL_SEED).map_err(Error::Start)?;
    let ran = run_folders(root, CONTROL, CONTROL_S_MAX, &[&corpus], &found)?;
    let has_found = fs::read_dir(&found).is_ok_and(|mut inputs| inputs.next().is_some());
    match !ran.is_fine && has_found {
        true => Ok(ran),
        false => Err(Error::Control),
    }
}

fn run_target(root: &Path, target: &str, seconds: u32) -> Result<Ran, Error> {
    let corpus = root.join("target/fuzz/corpus").join(target);
    let found = root.join("target/fuzz/found").join(target);
    let seeds = seeds(root).join(target);
    run_folders(root, target, seconds, &[&corpus, &seeds], &found)
}

/// The first of the inputs' folders gets what turned out to be interesting.
fn run_folders(
    root: &Path,
    target: &str,
    seconds: u32,
    inputs: &[&Path],
    found: &Path,
) -> Result<Ran, Error> {
    for folder in inputs.iter().chain([&found]) {
        fs::create_dir_all(folder).map_err(Error::Start)?;
    }
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let mut arguments = vec![
        "run".to_owned(),
        "--sanitizer".to_owned(),
        "none".to_owned(),
        target.to_owned(),
    ];
    arguments.extend(inputs.iter().map(|folder| text(folder)));
    arguments.extend([
        "--".to_owned(),
        format!("-max_total_time={seconds}"),
        format!("-timeout={INPUT_S_MAX}"),
        format!("-rss_limit_mb={MEMORY_MIB_MAX}"),
        format!("-max_len={INPUT_BYTES_MAX}"),
        format!("-artifact_prefix={}/", text(found)),
        "-print_final_stats=1".to_owned(),
    ]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let output = fuzz(root, &arguments)?;
    let said = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = said.lines().collect();
    Ok(Ran {
        is_fine: output.status.success(),
        executions: stat(&said, "stat::number_of_executed_units:"),
        features: last_features(&said),
        said: lines[lines.len().saturating_sub(60)..].join("\n"),
    })
}

fn stat(said: &str, name: &str) -> String {
    let line = said.lines().find_map(|line| line.strip_prefix(name));
    line.map_or_else(|| "?".to_owned(), |value| value.trim().to_owned())
}

/// The number behind the last `ft:`.
fn last_features(said: &str) -> String {
    let last = said.rsplit_once(" ft: ").map(|(_, rest)| rest);
    let number = last.and_then(|rest| rest.split_whitespace().next());
    number.unwrap_or("?").to_owned()
}

fn fuzz(root: &Path, arguments: &[&str]) -> Result<std::process::Output, Error> {
    let (command, rest) = arguments.split_first().unwrap_or((&"list", &[]));
    let is_build = *command == "build";
    let mut cargo = Command::new("cargo");
    cargo
        .args(["+nightly", "fuzz", command, "--fuzz-dir", FUZZ])
        .args(rest)
        .current_dir(root)
        // The toolchain that runs this chore is not the one that is asked for.
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("CARGO");
    if is_build {
        // What cargo says while it builds is worth seeing.
        let status = cargo.status().map_err(Error::Start)?;
        return Ok(std::process::Output {
            status,
            stdout: Vec::new(),
            stderr: Vec::new(),
        });
    }
    cargo.output().map_err(Error::Start)
}

fn check_tools() -> Result<(), Error> {
    let runs = |program: &str, arguments: &[&str]| {
        let output = Command::new(program)
            .args(arguments)
            .env_remove("RUSTUP_TOOLCHAIN")
            .output();
        output.is_ok_and(|output| output.status.success())
    };
    if !runs("cargo", &["+nightly", "--version"]) {
        return Err(Error::Missing {
            what: "a nightly toolchain, which libFuzzer needs,",
            install: "rustup toolchain install nightly --profile minimal",
        });
    }
    if !runs("cargo", &["fuzz", "--version"]) {
        return Err(Error::Missing {
            what: "cargo-fuzz",
            install: "cargo install --locked cargo-fuzz",
        });
    }
    Ok(())
}

fn seeds(root: &Path) -> PathBuf {
    root.join(FUZZ).join("seeds")
}

/// Each target has its seeds.
fn targets(root: &Path) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    for entry in fs::read_dir(seeds(root)).map_err(Error::Seeds)? {
        let name = entry.map_err(Error::Seeds)?.file_name();
        names.push(name.to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_target_has_seeds_a_source_and_a_place_in_its_manifest() {
        let root = crate::root();
        let manifest = fs::read_to_string(root.join(FUZZ).join("Cargo.toml")).expect("it is there");
        let targets = targets(&root).expect("there are some");
        for expected in [
            "flow_document",
            "import",
            "multipart",
            "signature_headers",
            "template",
        ] {
            assert!(
                targets.iter().any(|target| target == expected),
                "{expected}"
            );
        }
        for target in targets {
            assert!(
                manifest.contains(&format!("path = \"targets/{target}.rs\"")),
                "{target}"
            );
            assert!(
                root.join(FUZZ)
                    .join(format!("targets/{target}.rs"))
                    .is_file(),
                "{target}"
            );
            let seeds = fs::read_dir(seeds(&root).join(&target)).expect("a folder");
            assert!(seeds.count() > 0, "{target}");
        }
    }

    #[test]
    fn what_libfuzzer_says_is_understood() {
        let said = "#2 INITED cov: 1 ft: 2 corp\n#9 NEW cov: 7 ft: 31 corp: 2\nstat::number_of_executed_units: 1234\n";
        assert_eq!(stat(said, "stat::number_of_executed_units:"), "1234");
        assert_eq!(last_features(said), "31");
        assert_eq!(stat("", "x"), "?");
    }
}
