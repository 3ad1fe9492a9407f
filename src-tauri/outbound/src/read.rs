//! Reading an answer's body within its limit.
//!
//! We ask for `identity`, so usually nothing has to be decoded; a server that compresses all the same with gzip or
//! deflate is understood. The limit counts decoded bytes.

use std::io::Read;

use bytes::{Bytes, BytesMut};
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use http::HeaderMap;
use http::header::CONTENT_ENCODING;
use reqwest::Response;

/// Why there is no whole body.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error("the answer is longer than {bytes_max} bytes (answer_bytes_max)")]
    TooLarge { bytes_max: u64 },
    #[error("the answer says that it is compressed with {encoding}, but it cannot be decoded")]
    Undecodable { encoding: &'static str },
    #[error(transparent)]
    Broken(#[from] reqwest::Error),
}

/// The whole body, decoded.
pub(crate) async fn body(mut response: Response, bytes_max: u64) -> Result<Bytes, ReadError> {
    let too_large = || ReadError::TooLarge { bytes_max };
    if response
        .content_length()
        .is_some_and(|declared| declared > bytes_max)
    {
        return Err(too_large());
    }
    let encoding = Encoding::of(response.headers());
    let Some(first) = response.chunk().await? else {
        return Ok(Bytes::new());
    };
    let mut whole = BytesMut::new();
    let mut last = first;
    // One piece, the usual case, is handed on without a copy.
    while let Some(next) = response.chunk().await? {
        whole.extend_from_slice(&last);
        last = next;
        if (whole.len() + last.len()) as u64 > bytes_max {
            return Err(too_large());
        }
    }
    if last.len() as u64 > bytes_max {
        return Err(too_large());
    }
    let body = match whole.is_empty() {
        true => last,
        false => {
            whole.extend_from_slice(&last);
            whole.freeze()
        }
    };
    match encoding {
        None => Ok(body),
        Some(encoding) => encoding.decode(&body, bytes_max),
    }
}

#[derive(Debug, Clone, Copy)]
enum Encoding {
    Gzip,
    Deflate,
}

impl Encoding {
    fn of(headers: &HeaderMap) -> Option<Self> {
        let given = headers.get(CONTENT_ENCODING)?.as_bytes();
        if given.eq_ignore_ascii_case(b"gzip") || given.eq_ignore_ascii_case(b"x-gzip") {
            return Some(Self::Gzip);
        }
        given
            .eq_ignore_ascii_case(b"deflate")
            .then_some(Self::Deflate)
    }

    fn decode(self, body: &[u8], bytes_max: u64) -> Result<Bytes, ReadError> {
        let mut decoded = Vec::new();
        let limit = bytes_max.saturating_add(1);
        let (read, encoding) = match self {
            Self::Gzip => (
                MultiGzDecoder::new(body)
                    .take(limit)
                    .read_to_end(&mut decoded),
                "gzip",
            ),
            Self::Deflate => (
                ZlibDecoder::new(body).take(limit).read_to_end(&mut decoded),
                "deflate",
            ),
        };
        read.map_err(|_| ReadError::Undecodable { encoding })?;
        if decoded.len() as u64 > bytes_max {
            return Err(ReadError::TooLarge { bytes_max });
        }
        Ok(Bytes::from(decoded))
    }
}
