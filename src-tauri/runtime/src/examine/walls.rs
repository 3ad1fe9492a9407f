//! What holds scripts on this system.

use hookloom_api::{Finding, FindingArea};
use hookloom_script::{NoWorker, Walls};

pub(super) fn judge(walls: Result<Walls, NoWorker>) -> Finding {
    match walls {
        Ok(Walls {
            names,
            is_open: false,
        }) => Finding::fine(
            FindingArea::Scripts,
            format!("Scripts run behind {}.", names.join(", ")),
        ),
        Ok(Walls {
            names,
            is_open: true,
        }) => {
            let held = if names.is_empty() {
                "a process of their own alone".to_owned()
            } else {
                names.join(", ")
            };
            Finding::notice(
                FindingArea::Scripts,
                format!("Scripts run behind {held}, and not behind every wall that Hookloom knows."),
            )
            .why("This system does not have the others: Landlock and seccomp are Linux's, Landlock from 5.13 on.")
            .hint("Run scripts of strangers on a Linux that has both.")
        }
        Err(error) => Finding::wrong(FindingArea::Scripts, "No script can run.")
            .why(format!("Starting a worker failed: {error}."))
            .hint("Look whether the program was replaced or may not be run, then start Hookloom again."),
    }
}

#[cfg(test)]
mod tests {
    use hookloom_api::FindingState::{Fine, Notice};

    use super::*;

    #[test]
    fn a_missing_wall_is_worth_knowing() {
        let walls = |is_open| {
            judge(Ok(Walls {
                names: vec!["rlimit".into(), "seccomp".into()],
                is_open,
            }))
        };
        assert_eq!(walls(false).state, Fine);
        assert_eq!(walls(true).state, Notice);
        assert!(walls(true).what.contains("rlimit, seccomp"));
    }
}
