//! The walls on Linux: limits, no file descriptors but the pipes, no new rights, Landlock, seccomp. After that the
//! process can compute, read its one pipe and write the other.

use std::collections::BTreeMap;
use std::io;
use std::process::ExitCode;

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, Ruleset, RulesetAttr as _, RulesetStatus, Scope,
};
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit,
};
use rustix::time::{ClockId, clock_gettime};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule,
};

use crate::limits::MEMORY_BYTES_MAX;

/// Processor seconds of a run beyond its time: what ends a worker whose parent is gone.
const ORPHAN_S: u64 = 2;

/// What holds the worker.
pub struct Sandbox {
    /// Names for the log.
    pub walls: Vec<String>,
    /// Whether a wall is missing.
    pub is_open: bool,
}

/// Locks this process in, for good. To be called while it has one thread and has opened nothing.
///
/// # Errors
/// A wall that every supported system has cannot be raised. A kernel without Landlock is none: seccomp alone refuses
/// the same calls.
pub fn enter() -> io::Result<Sandbox> {
    close_what_is_open()?;
    let has_landlock = lock_files();
    set_limits()?;
    lock_system_calls().map_err(|error| io::Error::other(format!("seccomp: {error}")))?;
    let mut walls = vec!["rlimit".to_owned(), "seccomp".to_owned()];
    if has_landlock {
        walls.push("landlock".to_owned());
    }
    Ok(Sandbox {
        walls,
        is_open: !has_landlock,
    })
}

/// The limit that does not need a living parent: a worker whose parent is gone uses so much processor and no more.
pub(super) fn limit_processor_time(timeout_ms: u64) {
    let used_s = u64::try_from(clock_gettime(ClockId::ProcessCPUTime).tv_sec).unwrap_or(0);
    let limit = Rlimit {
        current: Some(used_s + timeout_ms.div_ceil(1_000) + ORPHAN_S),
        maximum: None,
    };
    // The parent's timer is the one that counts; this is for when there is no parent.
    let _ = setrlimit(Resource::Cpu, limit);
}

/// Does the work on the first thread, which has room here; the walls are raised where there is no other.
pub(super) fn with_room(work: fn() -> ExitCode) -> ExitCode {
    work()
}

fn set_limits() -> io::Result<()> {
    let to = |bytes| Rlimit {
        current: Some(bytes),
        maximum: Some(bytes),
    };
    let limits = [
        // Not the address space: the program and its libraries are mapped, and may be large.
        (Resource::Data, MEMORY_BYTES_MAX),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Nproc, 0),
        (Resource::Memlock, 0),
        (Resource::Nofile, 3),
    ];
    for (resource, limit) in limits {
        let at_most = getrlimit(resource).maximum.unwrap_or(u64::MAX);
        setrlimit(resource, to(limit.min(at_most)))?;
    }
    Ok(set_dumpable_behavior(DumpableBehavior::NotDumpable)?)
}

/// Everything of ours is opened so that it closes by itself; this is for what others left open.
fn close_what_is_open() -> io::Result<()> {
    // SAFETY: the call takes numbers only. This is the first thing that the process does: nothing in it owns a
    // descriptor above the three standard ones.
    #[expect(
        unsafe_code,
        reason = "no safe crate closes descriptors that nobody owns"
    )]
    let closed = unsafe { libc::syscall(libc::SYS_close_range, 3_u32, u32::MAX, 0_u32) };
    match closed {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// No path can be opened, changed or run. Tells whether the kernel enforces it.
fn lock_files() -> bool {
    let locked = Ruleset::default()
        .handle_access(AccessFs::from_all(ABI::V6))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(ABI::V6)))
        .and_then(|rules| rules.scope(Scope::from_all(ABI::V6)))
        .and_then(|rules| rules.create())
        .and_then(|rules| rules.restrict_self());
    matches!(locked, Ok(status) if status.ruleset != RulesetStatus::NotEnforced)
}

/// Every system call but these is refused with EPERM.
fn lock_system_calls() -> Result<(), seccompiler::Error> {
    let filter = SeccompFilter::new(
        allowed()?,
        SeccompAction::Errno(libc::EPERM as u32),
        SeccompAction::Allow,
        std::env::consts::ARCH.try_into()?,
    )?;
    let program: BpfProgram = filter.try_into()?;
    // Also takes away the right to gain new rights.
    seccompiler::apply_filter(&program)
}

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

fn allowed() -> Result<Rules, seccompiler::Error> {
    // Computing: memory that cannot be run, time, random numbers, and the end.
    let mut rules: Rules = [
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_madvise,
        libc::SYS_brk,
        libc::SYS_futex,
        libc::SYS_sched_yield,
        libc::SYS_rt_sigreturn,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigaction,
        libc::SYS_sigaltstack,
        libc::SYS_restart_syscall,
        libc::SYS_clock_gettime,
        libc::SYS_gettimeofday,
        libc::SYS_getrandom,
        libc::SYS_getpid,
        libc::SYS_gettid,
        libc::SYS_exit,
        libc::SYS_exit_group,
    ]
    .map(|call| (call, Vec::new()))
    .into();
    let no_code = SeccompCmpOp::MaskedEq(libc::PROT_EXEC as u64);
    rules.insert(libc::SYS_mmap, vec![rule(&[(2, no_code.clone(), 0)])?]);
    rules.insert(libc::SYS_mprotect, vec![rule(&[(2, no_code, 0)])?]);
    // The pipes, and standard error for a last word.
    rules.insert(libc::SYS_read, vec![rule(&[(0, SeccompCmpOp::Eq, 0)])?]);
    let write = [1, 2].map(|to| rule(&[(0, SeccompCmpOp::Eq, to)]));
    rules.insert(
        libc::SYS_write,
        write.into_iter().collect::<Result<_, _>>()?,
    );
    // Ending itself, and nobody else.
    let own = u64::from(std::process::id());
    rules.insert(libc::SYS_tgkill, vec![rule(&[(0, SeccompCmpOp::Eq, own)])?]);
    let cpu = libc::RLIMIT_CPU.into();
    let own_cpu = [(0, SeccompCmpOp::Eq, 0), (1, SeccompCmpOp::Eq, cpu)];
    rules.insert(libc::SYS_prlimit64, vec![rule(&own_cpu)?]);
    Ok(rules)
}

/// All of the conditions: place of the argument, comparison, value.
fn rule(conditions: &[(u8, SeccompCmpOp, u64)]) -> Result<SeccompRule, seccompiler::Error> {
    let conditions = conditions.iter().map(|(place, op, value)| {
        SeccompCondition::new(*place, SeccompCmpArgLen::Dword, op.clone(), *value)
    });
    Ok(SeccompRule::new(conditions.collect::<Result<_, _>>()?)?)
}
