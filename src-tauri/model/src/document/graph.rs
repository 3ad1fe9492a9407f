//! The graph of a document's steps: edges that lead nowhere, cycles, what is upstream, joins that can never be.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::names::nearest;
use super::step::{EdgeDraft, StepDraft};
use super::types::Join;
use super::walk::Report;

/// Checks every edge. Cycles are looked for among the edges that lead somewhere.
pub(super) fn check(steps: &[StepDraft], report: &mut Report) {
    let names: Vec<&str> = steps
        .iter()
        .filter_map(|step| step.name.as_deref())
        .collect();
    for step in steps {
        for edge in &step.edges {
            check_edge(step, edge, steps, &names, report);
        }
    }
    if let Some(cycle) = find_cycle(steps) {
        let first = steps
            .iter()
            .find(|step| step.name.as_deref() == Some(cycle[0]));
        let place = first
            .map(|step| format!("{}/after", step.place))
            .unwrap_or_default();
        let way: Vec<String> = cycle.iter().map(|name| format!("`{name}`")).collect();
        report
            .error_at(
                "cycle",
                &place,
                format!(
                    "these steps wait for each other in a circle: {} → `{}`",
                    way.join(" → "),
                    cycle[0]
                ),
            )
            .hint("take one of these edges out");
        return;
    }
    check_joins(steps, report);
}

fn check_edge(
    step: &StepDraft,
    draft: &EdgeDraft,
    steps: &[StepDraft],
    names: &[&str],
    report: &mut Report,
) {
    let from = draft.edge.step.as_str();
    if step.name.as_deref() == Some(from) {
        report.error_at(
            "self_edge",
            &draft.place,
            format!("`{from}` waits for itself, so it never starts"),
        );
        return;
    }
    let Some(source) = steps.iter().find(|step| step.name.as_deref() == Some(from)) else {
        let shown: String = from.chars().take(80).collect();
        let reported = report.error_at(
            "unknown_step",
            &format!("{}/step", draft.place),
            format!("there is no step `{shown}`"),
        );
        if let Some(name) = nearest(
            from,
            names
                .iter()
                .copied()
                .filter(|name| step.name.as_deref() != Some(*name)),
        ) {
            reported.hint(format!("did you mean `{name}`?"));
        }
        return;
    };
    let Some(kind) = source.kind else {
        return;
    };
    if kind.needs_on && !draft.says_on {
        report
            .error_at(
                "missing",
                &draft.place,
                format!(
                    "`on` is missing: an edge from a `{}` step says for which exit code it is",
                    kind.name
                ),
            )
            .hint("add the key `on`");
    }
    let own = source
        .step
        .as_ref()
        .and_then(|step| step.kind.own_exit_codes());
    let Some(known) = own.or(kind.exit_codes.map(<[_]>::to_vec)) else {
        return;
    };
    for code in draft.edge.on.iter().filter(|code| *code != "*") {
        if !known.contains(&code.as_str()) {
            let shown: String = code.chars().take(80).collect();
            let reported = report.error_at(
                "unknown_exit_code",
                &format!("{}/on", draft.place),
                format!(
                    "`{from}` never ends with `{shown}`; a `{}` step ends with {}",
                    kind.name,
                    known.join(" or ")
                ),
            );
            if let Some(code) = nearest(code, known.iter().copied()) {
                reported.hint(format!("did you mean `{code}`?"));
            }
        }
    }
}

/// The names of the steps by the steps that they wait for.
fn waits_for(steps: &[StepDraft]) -> HashMap<&str, Vec<&str>> {
    let mut waits = HashMap::new();
    for step in steps {
        let Some(name) = step.name.as_deref() else {
            continue;
        };
        let edges = step.edges.iter().map(|draft| draft.edge.step.as_str());
        waits.insert(name, edges.filter(|from| *from != name).collect());
    }
    waits
}

/// The names on one cycle, in the order of the edges; the one that comes first in the document begins.
fn find_cycle(steps: &[StepDraft]) -> Option<Vec<&str>> {
    let waits = waits_for(steps);
    let names: Vec<&str> = steps
        .iter()
        .filter_map(|step| step.name.as_deref())
        .collect();
    let mut done = BTreeSet::new();
    for start in names.iter().copied() {
        // An own stack: a long chain must not exhaust the thread's.
        let mut way: Vec<(&str, usize)> = vec![(start, 0)];
        while let Some((name, next)) = way.last_mut() {
            let edges = waits.get(*name).map_or(&[][..], Vec::as_slice);
            let Some(from) = edges.get(*next).copied() else {
                done.insert(*name);
                way.pop();
                continue;
            };
            *next += 1;
            if let Some(at) = way.iter().position(|(known, _)| *known == from) {
                let mut cycle: Vec<&str> = way[at..].iter().map(|(name, _)| *name).collect();
                cycle.reverse();
                let place = |name: &str| names.iter().position(|known| *known == name);
                let first = (0..cycle.len()).min_by_key(|at| place(cycle[*at]));
                cycle.rotate_left(first.unwrap_or(0));
                return Some(cycle);
            }
            if !done.contains(from) && waits.contains_key(from) {
                way.push((from, 0));
            }
        }
    }
    None
}

/// The steps that a step waits for, also through others.
pub(super) fn upstream<'s>(
    step: &str,
    edges_of: &dyn Fn(&str) -> Vec<&'s str>,
) -> BTreeSet<&'s str> {
    let mut found = BTreeSet::new();
    let mut open = edges_of(step);
    while let Some(name) = open.pop() {
        if name != step && found.insert(name) {
            open.extend(edges_of(name));
        }
    }
    found
}

/// The upstream steps of every named step.
pub(super) fn upstream_of_all(steps: &[StepDraft]) -> HashMap<&str, BTreeSet<&str>> {
    let waits = waits_for(steps);
    let edges_of = |name: &str| waits.get(name).cloned().unwrap_or_default();
    waits
        .keys()
        .map(|name| (*name, upstream(name, &edges_of)))
        .collect()
}

/// Steps whose edges differ in their exit codes: only they can have branches that exclude each other.
fn forks(steps: &[StepDraft]) -> BTreeSet<&str> {
    let mut codes: HashMap<&str, &[String]> = HashMap::new();
    let mut forks = BTreeSet::new();
    for edge in steps.iter().flat_map(|step| &step.edges) {
        let (from, on) = (edge.edge.step.as_str(), edge.edge.on.as_slice());
        if *codes.entry(from).or_insert(on) != on {
            forks.insert(from);
        }
    }
    forks
}

/// For each fork upstream: the exit codes that it must have ended with. A step that is not in it may have any.
type Needs<'s> = BTreeMap<&'s str, BTreeSet<&'s str>>;

/// Warns at an `all` join whose edges cannot all be satisfied in one job.
fn check_joins(steps: &[StepDraft], report: &mut Report) {
    let forks = forks(steps);
    let mut known: HashMap<&str, Needs<'_>> = HashMap::new();
    for step in in_order(steps) {
        let mut of_edges: Vec<Needs<'_>> = Vec::new();
        for draft in &step.edges {
            let from = draft.edge.step.as_str();
            let mut needs = known.get(from).cloned().unwrap_or_default();
            if forks.contains(from) && !draft.edge.on.iter().any(|code| code == "*") {
                needs.insert(from, draft.edge.on.iter().map(String::as_str).collect());
            }
            of_edges.push(needs);
        }
        let needs = match step.join {
            Join::Any => common(&of_edges),
            Join::All => match all(&of_edges) {
                Ok(needs) => needs,
                Err(source) => {
                    report
                        .warning_at(
                            "join_never_satisfied",
                            &format!("{}/after", step.place),
                            format!("this step waits for branches of `{source}` that never come together: one job takes only one of them"),
                        )
                        .hint("write \"join\": \"any\", so that the step starts after whichever branch was taken");
                    Needs::new()
                }
            },
        };
        if let Some(name) = step.name.as_deref() {
            known.insert(name, needs);
        }
    }
}

/// What all of them need together, or the step whose exit codes exclude each other.
fn all<'s>(of_edges: &[Needs<'s>]) -> Result<Needs<'s>, &'s str> {
    let mut together = Needs::new();
    for needs in of_edges {
        for (step, codes) in needs {
            let both = match together.get(step) {
                Some(known) => known.intersection(codes).copied().collect(),
                None => codes.clone(),
            };
            if both.is_empty() {
                return Err(step);
            }
            together.insert(step, both);
        }
    }
    Ok(together)
}

/// What each of them needs, however the step is reached.
fn common<'s>(of_edges: &[Needs<'s>]) -> Needs<'s> {
    let Some((first, rest)) = of_edges.split_first() else {
        return Needs::new();
    };
    let mut needs = first.clone();
    for other in rest {
        needs.retain(|step, _| other.contains_key(step));
        for (step, codes) in &mut needs {
            codes.extend(other[step].iter().copied());
        }
    }
    needs
}

/// Steps after all that they wait for. There is no cycle.
fn in_order(steps: &[StepDraft]) -> Vec<&StepDraft> {
    let mut ordered: Vec<&StepDraft> = Vec::with_capacity(steps.len());
    let mut placed: BTreeSet<&str> = BTreeSet::new();
    let exists: BTreeSet<&str> = steps
        .iter()
        .filter_map(|step| step.name.as_deref())
        .collect();
    let mut left: Vec<&StepDraft> = steps.iter().collect();
    while !left.is_empty() {
        let (ready, waiting): (Vec<_>, Vec<_>) = left.into_iter().partition(|step| {
            step.edges.iter().all(|draft| {
                let from = draft.edge.step.as_str();
                placed.contains(from)
                    || !exists.contains(from)
                    || step.name.as_deref() == Some(from)
            })
        });
        if ready.is_empty() {
            break;
        }
        placed.extend(ready.iter().filter_map(|step| step.name.as_deref()));
        ordered.extend(ready);
        left = waiting;
    }
    ordered
}
