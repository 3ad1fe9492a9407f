//! An HTTP client that calls nobody: a function answers, and everything that arrived is kept.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use parking_lot::Mutex;

use super::life::{Fate, Life, Point};
use crate::ports::{Answer, Clock, Http, HttpError, HttpErrorKind, OutgoingRequest, Timings};

/// How a scripted receiver answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Virtual time until the answer.
    pub after_ms: i64,
    /// The status and headers, or the kind of failure.
    pub answer: Result<(u16, Vec<(String, String)>), HttpErrorKind>,
    /// The body of an answer.
    pub body: String,
}

impl Reply {
    /// An answer with a status and a JSON body, at once.
    pub fn json(status: u16, body: &str) -> Self {
        let json = vec![("content-type".to_owned(), "application/json".to_owned())];
        Self {
            after_ms: 0,
            answer: Ok((status, json)),
            body: body.to_owned(),
        }
    }

    /// No answer.
    pub fn failure(kind: HttpErrorKind) -> Self {
        Self {
            after_ms: 0,
            answer: Err(kind),
            body: String::new(),
        }
    }

    /// The same with one more header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        if let Ok((_, headers)) = &mut self.answer {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// The same, later.
    #[must_use]
    pub fn after(mut self, after_ms: i64) -> Self {
        self.after_ms = after_ms;
        self
    }
}

/// A request as a receiver saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenRequest {
    /// When it arrived.
    pub at_ms: i64,
    /// GET, POST, …
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// Names as sent.
    pub headers: Vec<(String, String)>,
    /// As text.
    pub body: String,
}

impl SeenRequest {
    /// The value of a header, by its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self
            .headers
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.as_str())
    }
}

type Script = dyn Fn(&SeenRequest) -> Reply + Send + Sync;

/// [`Http`] that calls a function.
pub struct FakeHttp {
    clock: Arc<dyn Clock>,
    life: Arc<Life>,
    script: Box<Script>,
    seen: Arc<Mutex<Vec<SeenRequest>>>,
}

impl FakeHttp {
    /// A client whose calls this function answers. What arrives is added to `seen`.
    pub fn new(
        clock: Arc<dyn Clock>,
        life: Arc<Life>,
        seen: Arc<Mutex<Vec<SeenRequest>>>,
        script: impl Fn(&SeenRequest) -> Reply + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            clock,
            life,
            script: Box::new(script),
            seen,
        })
    }
}

#[async_trait]
impl Http for FakeHttp {
    async fn send(&self, request: OutgoingRequest) -> Result<Answer, HttpError> {
        let fate = self.life.fate(&[Point::Send]).await;
        let seen = SeenRequest {
            at_ms: self.clock.now_ms(),
            method: request.method.to_string(),
            url: request.url.to_string(),
            headers: request.headers,
            body: String::from_utf8_lossy(&request.body).into_owned(),
        };
        let reply = (self.script)(&seen);
        self.seen.lock().push(seen);
        if matches!(fate, Fate::CrashAfter) {
            return self.life.die().await;
        }
        let is_late = reply.after_ms > request.timeout_ms;
        let after_ms = reply.after_ms.min(request.timeout_ms);
        self.clock
            .sleep_until_ms(self.clock.now_ms() + after_ms)
            .await;
        self.life.pass(Point::Answer).await;
        let answer = if is_late {
            Err(HttpErrorKind::Timeout)
        } else {
            reply.answer
        };
        match answer {
            Ok((status, headers)) => Ok(Answer {
                status,
                headers,
                body: Bytes::from(reply.body),
                timings: Timings::default(),
                certificate: None,
            }),
            Err(kind) => Err(HttpError {
                kind,
                message: format!("the test's receiver: {}", kind.as_str()),
                timings: Timings::default(),
            }),
        }
    }
}
