//! A guest of a data folder: it asks the owner over the control listener, and touches no file but the token.

use std::time::Duration;
use std::{fs, io};

use bytes::Bytes;
use hookloom_sensitive::Sensitive;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{HeaderValue, Method, Request};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::error::Error;
use crate::owner::OwnerRecord;

/// A call whose connection ends before its answer is made this often at most.
const ASKED_MAX: u32 = 3;
/// An answer of the control API is at most this large for a guest.
const ANSWER_BYTES_MAX: usize = 256 * 1024 * 1024;
/// An owner that has not answered by then is stopped or stuck: it bounds its own answers to less.
const ANSWER_MS_MAX: u64 = 90_000;

/// An answer of the control API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// JSON, or nothing.
    pub body: String,
}

/// An answer with its bytes as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawReply {
    /// The HTTP status.
    pub status: u16,
    /// What it says that it is.
    pub content_type: String,
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
enum NoAnswer {
    /// Nobody listens there.
    #[error(transparent)]
    NotReached(#[from] io::Error),
    /// The connection ended.
    #[error(transparent)]
    Ended(#[from] hyper::Error),
    /// The answer is larger than a guest takes, or broke off.
    #[error(transparent)]
    Body(Box<dyn std::error::Error + Send + Sync>),
    #[error(transparent)]
    NoText(#[from] std::string::FromUtf8Error),
}

/// Asks the owner of a data folder.
#[derive(Debug)]
pub struct Guest {
    owner: OwnerRecord,
    authority: String,
    token: Sensitive<String>,
}

impl Guest {
    /// Reaches the owner that a record names. None if nobody answers there: the record may be of a dead one.
    pub async fn reach(owner: &OwnerRecord) -> Option<Self> {
        let authority = owner
            .control
            .as_deref()?
            .strip_prefix("http://")?
            .trim_end_matches('/');
        TcpStream::connect(authority).await.ok()?;
        let token = fs::read_to_string(&owner.token_file).ok()?;
        Some(Self {
            owner: owner.clone(),
            authority: authority.to_owned(),
            token: Sensitive::new(token.trim().to_owned()),
        })
    }

    /// Who is asked.
    pub fn owner(&self) -> &OwnerRecord {
        &self.owner
    }

    /// One call of the control API; `path` is absolute, with its query.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> Result<Reply, Error> {
        let gone = |reason: String| Error::OwnerGone {
            owner: Box::new(self.owner.clone()),
            reason,
        };
        let bound = Duration::from_millis(ANSWER_MS_MAX);
        let request = self.request(method, path, body)?;
        match tokio::time::timeout(bound, self.answer_to(request)).await {
            Ok(answered) => answered.map_err(|reason| gone(reason.to_string())),
            Err(_) => Err(gone(format!(
                "it did not answer within ANSWER_MS_MAX = {ANSWER_MS_MAX} ms"
            ))),
        }
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> Result<Request<Full<Bytes>>, Error> {
        let bearer = format!("Bearer {}", self.token.expose());
        let mut bearer = HeaderValue::from_str(&bearer).map_err(|_| Error::Internal {
            what: format!(
                "the token in {} is no token",
                self.owner.token_file.display()
            ),
        })?;
        bearer.set_sensitive(true);
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, &self.authority)
            .header(AUTHORIZATION, bearer);
        if body.is_some() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        let body = Full::new(Bytes::from(body.unwrap_or_default()));
        request.body(body).map_err(|error| Error::Internal {
            what: format!("a call of {path}: {error}"),
        })
    }

    /// Asks again when the connection ended before the request was sent, or was only to read: an owner that opens
    /// its folder again after a restore ends the connections that it has.
    async fn answer_to(&self, request: Request<Full<Bytes>>) -> Result<Reply, NoAnswer> {
        let mut asked = 0;
        loop {
            asked += 1;
            match self.exchange(request.clone()).await {
                Err(NoAnswer::Ended(error))
                    if asked < ASKED_MAX && (error.is_canceled() || request.method().is_safe()) =>
                {
                    tracing::debug!(%error, asked, "the owner is asked again");
                }
                other => return other,
            }
        }
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Reply, NoAnswer> {
        let stream = TcpStream::connect(&self.authority).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let connection = tokio::spawn(connection);
        let answer = sender.send_request(request).await?;
        let status = answer.status().as_u16();
        let body = Limited::new(answer.into_body(), ANSWER_BYTES_MAX)
            .collect()
            .await
            .map_err(NoAnswer::Body)?
            .to_bytes();
        drop(sender);
        connection.abort();
        Ok(Reply {
            status,
            body: String::from_utf8(body.to_vec())?,
        })
    }
}
