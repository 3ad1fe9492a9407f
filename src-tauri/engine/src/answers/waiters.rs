//! Callers that wait for a job, told once what they wait for is on disk.
//!
//! A caller is told that there is something to read, not what: the answer is read from the journal, so that it is the
//! same one live, by its status URL and for a repeat. Nothing in here survives a restart, and nothing has to.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hookloom_model::JobId;
use hookloom_model::journal::Event;
use parking_lot::Mutex;
use tokio::sync::watch;

use crate::ports::Commit;
use crate::state::JobState;

/// Everybody who waits. Clones are handles of the same.
#[derive(Clone, Default)]
pub struct Waiters {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    /// How many jobs are waited for: commits of others pass without the lock.
    count: AtomicUsize,
    jobs: Mutex<HashMap<JobId, Waited>>,
}

struct Waited {
    progress: watch::Sender<Progress>,
    /// Steps of the kind `respond`.
    responders: Arc<[String]>,
    callers: usize,
}

/// What was committed since somebody began to wait.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Progress {
    /// Steps that ended.
    steps: u64,
    /// Whether the answer can be read.
    is_answered: bool,
    /// Whether the job has ended.
    has_ended: bool,
}

impl Waiters {
    /// Waits for a job. `responders` are the steps whose success is the answer.
    pub fn wait(&self, job_id: JobId, responders: &Arc<[String]>) -> Wait {
        let mut jobs = self.inner.jobs.lock();
        self.join(&mut jobs, job_id, responders)
    }

    /// The same, unless somebody else waits for the job.
    pub fn wait_alone(&self, job_id: JobId, responders: &Arc<[String]>) -> Option<Wait> {
        let mut jobs = self.inner.jobs.lock();
        (!jobs.contains_key(&job_id)).then(|| self.join(&mut jobs, job_id, responders))
    }

    /// How many jobs are waited for.
    pub fn jobs(&self) -> usize {
        self.inner.count.load(Ordering::Acquire)
    }

    /// A commit is on disk: whoever waits for its job is told.
    pub fn committed(&self, news: &News) {
        if self.jobs() == 0 {
            return;
        }
        let jobs = self.inner.jobs.lock();
        let Some(waited) = jobs.get(&news.job_id) else {
            return;
        };
        waited.progress.send_if_modified(|progress| {
            let before = *progress;
            progress.follow(news, &waited.responders);
            *progress != before
        });
    }

    /// A job was read from the journal: whoever waits for it is told what stands there. Nobody heard of a commit whose
    /// outcome was not known.
    pub(crate) fn found(&self, job_id: JobId, state: &JobState) {
        if self.jobs() > 0 {
            self.committed(&News::recorded(job_id, state));
        }
    }

    fn join(
        &self,
        jobs: &mut HashMap<JobId, Waited>,
        job_id: JobId,
        responders: &Arc<[String]>,
    ) -> Wait {
        let waited = jobs.entry(job_id).or_insert_with(|| Waited {
            progress: watch::channel(Progress::default()).0,
            responders: Arc::clone(responders),
            callers: 0,
        });
        waited.callers += 1;
        let progress = waited.progress.subscribe();
        self.inner.count.store(jobs.len(), Ordering::Release);
        Wait {
            inner: Arc::clone(&self.inner),
            job_id,
            progress,
            seen: Progress::default(),
        }
    }
}

impl Progress {
    fn follow(&mut self, news: &News, responders: &[String]) {
        self.steps += u64::from(news.steps);
        self.has_ended |= news.has_ended;
        self.is_answered |=
            news.has_ended || news.succeeded.iter().any(|step| responders.contains(step));
    }
}

/// What of a commit somebody may wait for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    job_id: JobId,
    /// Steps that ended.
    steps: u32,
    /// Those that ended with `success`, by name.
    succeeded: Vec<String>,
    has_ended: bool,
}

impl News {
    /// A job is found to have ended, and nobody may have heard of the commit.
    pub fn ended(job_id: JobId) -> Self {
        Self {
            job_id,
            steps: 0,
            succeeded: Vec::new(),
            has_ended: true,
        }
    }

    /// What a record says.
    fn recorded(job_id: JobId, state: &JobState) -> Self {
        let ended = state
            .steps
            .iter()
            .filter(|(_, step)| step.status.is_final());
        let succeeded = ended
            .clone()
            .filter(|(_, step)| step.exit_code.as_deref() == Some("success"));
        Self {
            job_id,
            steps: u32::try_from(ended.count()).unwrap_or(u32::MAX),
            succeeded: succeeded.map(|(name, _)| name.clone()).collect(),
            has_ended: state.ended.is_some(),
        }
    }

    /// What a commit will have brought.
    pub fn of(commit: &Commit) -> Self {
        let mut news = Self {
            job_id: commit.job_id,
            steps: 0,
            succeeded: Vec::new(),
            has_ended: false,
        };
        for entry in &commit.entries {
            match &entry.event {
                Event::StepFinished {
                    step, exit_code, ..
                } => {
                    news.steps += 1;
                    if exit_code == "success" {
                        news.succeeded.push(step.clone());
                    }
                }
                Event::StepSkipped { .. } | Event::StepCanceled { .. } => news.steps += 1,
                Event::JobFinished { .. } => news.has_ended = true,
                _ => {}
            }
        }
        news
    }
}

/// One caller that waits. Dropping it ends the wait.
pub struct Wait {
    inner: Arc<Inner>,
    job_id: JobId,
    progress: watch::Receiver<Progress>,
    seen: Progress,
}

impl Wait {
    /// Returns once the answer was committed after the wait began. What was committed before it has to be read.
    pub async fn answered(&mut self) {
        if self
            .progress
            .wait_for(|progress| progress.is_answered)
            .await
            .is_err()
        {
            // The sender lives as long as this wait does.
            std::future::pending::<()>().await;
        }
    }

    /// Returns once a step or the job ended that this did not return for before.
    pub async fn moved(&mut self) {
        let seen = self.seen;
        let moved = self.progress.wait_for(|progress| *progress != seen).await;
        // The guard must not live on over a wait.
        let moved = moved.map(|progress| *progress).ok();
        match moved {
            Some(progress) => self.seen = progress,
            None => std::future::pending().await,
        }
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        let mut jobs = self.inner.jobs.lock();
        if let Some(waited) = jobs.get_mut(&self.job_id) {
            waited.callers -= 1;
            if waited.callers == 0 {
                jobs.remove(&self.job_id);
            }
        }
        self.inner.count.store(jobs.len(), Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;
    use hookloom_model::JobStatus;
    use hookloom_model::journal::{JournalEntry, ValueRef};
    use serde_json::Value;

    use super::*;
    use crate::decide_tests::Driven;
    use crate::testing::documents::{document, set};

    const JOB: JobId = JobId(7);

    fn responders() -> Arc<[String]> {
        Arc::from(["reply".to_owned()])
    }

    fn commit(job_id: JobId, event: Event) -> News {
        News::of(&Commit {
            job_id,
            entries: vec![JournalEntry {
                seq: 1,
                at_ms: 0,
                event,
            }],
            status: JobStatus::Running,
            waiting_until_ms: None,
            error: None,
            blobs: Vec::new(),
            secret_state: Default::default(),
            deliveries: Vec::new(),
        })
    }

    fn finished(step: &str, exit_code: &str) -> Event {
        Event::StepFinished {
            step: step.to_owned(),
            attempt: 1,
            exit_code: exit_code.to_owned(),
            data: ValueRef::Inline(Value::Null),
            error: None,
            memory: Default::default(),
            memory_removed: Vec::new(),
            secret_state_put: Vec::new(),
            secret_state_removed: Vec::new(),
            sent: None,
            logs: Vec::new(),
        }
    }

    fn ended() -> Event {
        Event::JobFinished {
            status: JobStatus::Complete,
            error: None,
        }
    }

    #[test]
    fn a_caller_is_told_of_a_response_and_of_the_end_and_of_nothing_before() {
        let waiters = Waiters::default();
        let mut wait = waiters.wait(JOB, &responders());
        let is_told = |wait: &mut Wait| wait.answered().now_or_never().is_some();
        for event in [finished("work", "success"), finished("reply", "error")] {
            waiters.committed(&commit(JOB, event));
            assert!(!is_told(&mut wait));
        }
        waiters.committed(&commit(JobId(8), ended()));
        assert!(!is_told(&mut wait), "another job's end");
        waiters.committed(&commit(JOB, finished("reply", "success")));
        assert!(is_told(&mut wait));
        assert!(is_told(&mut wait), "it stays so");

        let mut other = waiters.wait(JobId(8), &responders());
        waiters.committed(&commit(JobId(8), ended()));
        assert!(is_told(&mut other));
    }

    #[test]
    fn what_is_committed_before_a_look_is_not_lost() {
        let waiters = Waiters::default();
        let mut wait = waiters.wait(JOB, &responders());
        waiters.committed(&commit(JOB, finished("work", "success")));
        assert!(wait.moved().now_or_never().is_some());
        assert!(wait.moved().now_or_never().is_none(), "once for each");
        waiters.committed(&commit(JOB, ended()));
        assert!(wait.moved().now_or_never().is_some());
    }

    #[test]
    fn what_a_record_says_is_told_though_nobody_heard_of_its_commit() {
        let waiters = Waiters::default();
        let mut wait = waiters.wait(JOB, &responders());
        let mut job = Driven::new(&document(vec![set("work", &[]), set("reply", &[])]), None);
        job.advance();
        job.end("work", "success");
        waiters.found(JOB, &job.state);
        assert!(wait.moved().now_or_never().is_some());
        assert!(wait.answered().now_or_never().is_none());
        job.end("reply", "success");
        waiters.found(JOB, &job.state);
        assert!(wait.answered().now_or_never().is_some());
    }

    #[test]
    fn who_hangs_up_leaves_nothing_behind() {
        let waiters = Waiters::default();
        let first = waiters.wait(JOB, &responders());
        let second = waiters.wait(JOB, &responders());
        assert_eq!(waiters.jobs(), 1);
        assert!(waiters.wait_alone(JOB, &responders()).is_none());
        drop(first);
        assert!(waiters.wait_alone(JOB, &responders()).is_none());
        drop(second);
        assert_eq!(waiters.jobs(), 0);
        assert!(waiters.wait_alone(JOB, &responders()).is_some());
        assert_eq!(waiters.jobs(), 0, "that one is gone too");
        // Nobody waits: a commit passes.
        waiters.committed(&commit(JOB, ended()));
    }
}
