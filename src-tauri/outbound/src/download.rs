//! Answers that are read piece by piece: the same client, guard and redirects, and nothing of the body in memory.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use hookloom_engine::ports::{
    Answer, Download, Downloads, HttpError, HttpErrorKind, OutgoingRequest,
};
use http::header::CONTENT_ENCODING;
use reqwest::Response;

use crate::client::Outbound;
use crate::failure::{Failure, target_of};
use crate::read::ReadError;
use crate::timing::Watch;
use crate::{headers, hops};

/// An answer of which the head has come.
struct Coming {
    response: Response,
    target: String,
    timeout_ms: i64,
    bytes_max: u64,
    bytes: u64,
}

#[async_trait]
impl Downloads for Outbound {
    async fn begin(&self, request: OutgoingRequest) -> Result<Box<dyn Download>, HttpError> {
        let (timeout_ms, bytes_max) = (request.timeout_ms, request.answer_bytes_max);
        let target = target_of(&request.url);
        let begun = tokio::time::timeout(limit(timeout_ms), last_response(self, request));
        let (begun, timings) = Watch::over(begun).await;
        let begun = begun.unwrap_or_else(|_| Err(Failure::timeout(&target, timeout_ms)));
        let (response, target) = begun.map_err(|failure| failure.with(timings))?;
        Ok(Box::new(Coming {
            response,
            target,
            timeout_ms,
            bytes_max,
            bytes: 0,
        }))
    }
}

/// The answer that no redirect follows, and whose it is.
async fn last_response(
    outbound: &Outbound,
    mut request: OutgoingRequest,
) -> Result<(Response, String), Failure> {
    let redirects = request.redirects.clone();
    let mut followed = 0;
    loop {
        let target = target_of(&request.url);
        let response = outbound.respond(request.clone(), &target).await?;
        let Some(redirects) = &redirects else {
            return Ok((
                checked(response, &target, request.answer_bytes_max)?,
                target,
            ));
        };
        let head = Answer {
            status: response.status().as_u16(),
            headers: headers::shown(response.headers()),
            body: Bytes::new(),
            timings: Default::default(),
            certificate: None,
        };
        let Some(next) = hops::next(&request, &head, redirects)? else {
            return Ok((
                checked(response, &target, request.answer_bytes_max)?,
                target,
            ));
        };
        followed += 1;
        if followed > redirects.hops_max {
            return Err(hops::too_many(redirects.hops_max));
        }
        request = next;
    }
}

/// What the head says of the body already.
fn checked(response: Response, target: &str, bytes_max: u64) -> Result<Response, Failure> {
    if response
        .content_length()
        .is_some_and(|announced| announced > bytes_max)
    {
        return Err(too_large(target, bytes_max));
    }
    // We ask for the bytes as they are.
    let encoding = response.headers().get(CONTENT_ENCODING);
    if encoding.is_some_and(|it| !it.as_bytes().eq_ignore_ascii_case(b"identity")) {
        let message =
            format!("`{target}` sends the file compressed though it was asked for it as it is");
        return Err(Failure::new(HttpErrorKind::Interrupted, message));
    }
    Ok(response)
}

fn too_large(target: &str, bytes_max: u64) -> Failure {
    Failure::of_read(&ReadError::TooLarge { bytes_max }, target)
}

fn limit(timeout_ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(timeout_ms).unwrap_or(0))
}

#[async_trait]
impl Download for Coming {
    fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    async fn piece(&mut self) -> Result<Option<Bytes>, HttpError> {
        let next = tokio::time::timeout(limit(self.timeout_ms), self.response.chunk()).await;
        let told = |failure: Failure| failure.with(Default::default());
        let next = next.map_err(|_| told(Failure::timeout(&self.target, self.timeout_ms)))?;
        let next = next.map_err(|error| told(Failure::of_client(&error, &self.target)))?;
        self.bytes += next.as_ref().map_or(0, |piece| piece.len() as u64);
        if self.bytes > self.bytes_max {
            return Err(told(too_large(&self.target, self.bytes_max)));
        }
        Ok(next)
    }
}
