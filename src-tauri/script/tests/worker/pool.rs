//! The pool of real workers: one flow's are not another's, dead ones are replaced, values come when asked for.

use std::time::Instant;

use hookloom_engine::ports::{ScriptFaultKind, ScriptOutcome, Scripts as _};
use hookloom_script::{Limits, Program, Workers};
use serde_json::json;

use crate::support::{block_on, fault, run, run_for, workers, workers_with};

pub const TESTS: &[(&str, fn())] = &[
    ("a_script_gets_its_values_small_large_and_secret", values),
    ("a_check_tells_the_syntax_error_and_remembers_it", checks),
    (
        "a_program_that_cannot_be_a_worker_is_a_fault_that_may_pass",
        no_program,
    ),
    ("more_runs_than_places_wait_for_each_other", waits),
    ("a_flow_whose_scripts_hang_leaves_places_to_the_others", hog),
    ("a_worker_that_is_killed_is_a_fault_worth_a_retry", killed),
    #[cfg(target_os = "linux")]
    (
        "workers_end_when_nobody_wants_them_and_with_their_pool",
        swept,
    ),
    ("many_runs_at_once_each_get_their_own_result", many),
];

fn values() {
    block_on(async {
        let workers = workers();
        let code = "return [memory.load('order'), memory.load('wide').length, memory.load('large').length, \
                    memory.load('none'), secretState.load('token'), vars.city, job]";
        let end = run(&workers, code).await;
        let expected = json!([{"total": 21}, 100_000, 500_000, null, "hush-hush", "Kiel", {}]);
        assert_eq!(end.outcome, ScriptOutcome::Returned(expected));
        let end = run(
            &workers,
            "memory.save('a', 'x'.repeat(9e5)); log('l'); exit('big', 'y'.repeat(1e6))",
        )
        .await;
        assert!(
            matches!(&end.outcome, ScriptOutcome::Exited { exit_code, data }
            if exit_code == "big" && data.as_str().is_some_and(|it| it.len() == 1_000_000))
        );
        assert_eq!(end.memory["a"].as_str().map(str::len), Some(900_000));
        assert_eq!(end.logs, ["l"]);
    });
}

fn checks() {
    block_on(async {
        let workers = workers();
        assert_eq!(workers.check("return await 1").await, Ok(None));
        for _ in 0..2 {
            let found = workers.check("return 1 +").await.expect("somebody looks");
            let found = found.expect("it is no JavaScript");
            assert_eq!(found.kind, ScriptFaultKind::Syntax);
            assert!(found.message.contains("SyntaxError"), "{found}");
        }
    });
}

fn no_program() {
    block_on(async {
        for path in ["/nowhere/hookloom", "/bin/true", "/bin/cat"] {
            let workers = Workers::new(Program::at(path), Limits::default());
            // What does not answer is not waited for longer than the step may take.
            let end = run_for(&workers, "flow", "return 1", 1_000).await;
            let kind = fault(&end).expect("nobody can run it");
            assert!(kind.is_worth_retrying(), "{path}: {:?}", end.outcome);
        }
    });
}

fn waits() {
    block_on(async {
        let limits = Limits {
            runs_max: 2,
            workers_max: 3,
            ..Limits::default()
        };
        let workers = workers_with(limits);
        let flows: Vec<String> = (0..12).map(|n| format!("flow{n}")).collect();
        let runs = flows
            .iter()
            .map(|flow| run_for(&workers, flow, "return 1", 20_000));
        for end in futures::future::join_all(runs).await {
            assert_eq!(end.outcome, ScriptOutcome::Returned(json!(1)));
        }
        let hanging = ["a", "b"].map(|flow| run_for(&workers, flow, "while (true) {}", 3_000));
        let late = async {
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            run_for(&workers, "c", "return 1", 100).await
        };
        let (_, late) = tokio::join!(futures::future::join_all(hanging), late);
        let ScriptOutcome::Failed(fault) = late.outcome else {
            panic!("it ran: {:?}", late.outcome);
        };
        assert!(fault.message.contains("did not get to run"), "{fault}");
    });
}

fn hog() {
    block_on(async {
        let limits = Limits {
            runs_max: 4,
            workers_max: 8,
            ..Limits::default()
        };
        let workers = workers_with(limits);
        let hanging = std::iter::repeat_n("hog", 8)
            .map(|flow| run_for(&workers, flow, "while (true) {}", 4_000));
        let begun = Instant::now();
        let others = async {
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            for flow in ["a", "b", "a", "b"] {
                let end = run_for(&workers, flow, "return 1", 3_000).await;
                assert_eq!(end.outcome, ScriptOutcome::Returned(json!(1)));
            }
            assert!(begun.elapsed().as_millis() < 4_000, "they hang still");
        };
        let (ends, ()) = tokio::join!(futures::future::join_all(hanging), others);
        for end in ends {
            assert_eq!(fault(&end), Some(ScriptFaultKind::Timeout));
        }
    });
}

#[cfg(not(target_os = "linux"))]
fn killed() {}

#[cfg(target_os = "linux")]
fn killed() {
    block_on(async {
        let workers = workers();
        let running = run_for(&workers, "killed", "while (true) {}", 20_000);
        let killing = async {
            // The busy one is the one that uses the processor.
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            children().into_iter().for_each(kill);
        };
        let (end, ()) = tokio::join!(running, killing);
        assert_eq!(
            fault(&end),
            Some(ScriptFaultKind::WorkerDied),
            "{:?}",
            end.outcome
        );
        // The spare was killed, too; its end is known a moment later.
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        let end = run_for(&workers, "killed", "return 1", 20_000).await;
        assert_eq!(end.outcome, ScriptOutcome::Returned(json!(1)));
        // One that is killed while it waits is nobody's fault.
        children().into_iter().for_each(kill);
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        let end = run_for(&workers, "killed", "return 2", 20_000).await;
        assert_eq!(end.outcome, ScriptOutcome::Returned(json!(2)));
    });
}

#[cfg(target_os = "linux")]
fn swept() {
    block_on(async {
        let workers = workers_with(Limits {
            idle_ms_max: 40,
            ..Limits::default()
        });
        for flow in ["a", "b", "c"] {
            run_for(&workers, flow, "return 1", 20_000).await;
        }
        // The spare stays.
        until("they end", || children().len() <= 1).await;
        drop(workers);
        until("the pool's end", || children().is_empty()).await;
    });
}

fn many() {
    block_on(async {
        let workers = workers();
        let codes: Vec<String> = (0..200)
            .map(|n| format!("await null; log({n}); return {n}"))
            .collect();
        let begun = Instant::now();
        let runs = codes.iter().map(|code| run(&workers, code));
        for (n, end) in futures::future::join_all(runs)
            .await
            .into_iter()
            .enumerate()
        {
            assert_eq!(end.outcome, ScriptOutcome::Returned(json!(n)));
            assert_eq!(end.logs, [n.to_string()]);
        }
        let each = begun.elapsed() / 200;
        eprintln!("     {} µs a run, many at once", each.as_micros());
    });
}

/// Waits until something is so.
#[cfg(target_os = "linux")]
async fn until(what: &str, is_so: impl Fn() -> bool) {
    let deadline = Instant::now() + std::time::Duration::from_secs(20);
    while !is_so() {
        assert!(Instant::now() < deadline, "{what}: {:?}", children());
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

/// Processes that this one started and that have not ended.
#[cfg(target_os = "linux")]
fn children() -> Vec<rustix::process::Pid> {
    let own = std::process::id().to_string();
    let mut children = Vec::new();
    for entry in std::fs::read_dir("/proc").expect("Linux tells").flatten() {
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else {
            continue;
        };
        // Behind the name in brackets: state, parent.
        let mut fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
        let (state, parent) = (fields.next(), fields.next());
        if parent == Some(&own) && state != Some("Z") {
            let name = entry.file_name();
            let id = name.to_string_lossy().parse().ok();
            children.extend(id.and_then(rustix::process::Pid::from_raw));
        }
    }
    children
}

#[cfg(target_os = "linux")]
fn kill(child: rustix::process::Pid) {
    let _ = rustix::process::kill_process(child, rustix::process::Signal::KILL);
}
