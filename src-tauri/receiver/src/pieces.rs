//! Bodies piece by piece, with their Content-Encoding taken off while they arrive.
//!
//! Every limit of a body holds here: its size as it is read, its pace, and how much may come out of little.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_compression::tokio::bufread::{
    BrotliDecoder, DeflateDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder,
};
use async_compression::zstd::DParameter;
use axum::body::{Body, HttpBody as _};
use bytes::{Bytes, BytesMut};
use futures::Stream;
use futures::stream::try_unfold;
use http::HeaderMap;
use http::header::CONTENT_ENCODING;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt};
use tokio_util::io::StreamReader;

use crate::body_read::{HeldBytes, Pace};
use crate::limits::RATIO_FLOOR_BYTES;
use crate::refusal::Refusal;
use crate::turns::Turns;

/// How much is decoded at once.
const PIECE_BYTES: usize = 64 * 1024;
/// Frames, empty members and the like: what a compressed body may be longer than what comes out of it.
const WIRE_SLACK_BYTES: u64 = 64 * 1024;
/// A decoder of zstd may look back this far, as its format recommends; a frame that wants more is refused.
const ZSTD_WINDOW_LOG_MAX: u32 = 23;

/// How a body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Identity,
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

impl Coding {
    /// The one that the head names. Several, one over the other, are refused.
    pub fn of(headers: &HeaderMap) -> Result<Self, Refusal> {
        let mut found = Self::Identity;
        for value in headers.get_all(CONTENT_ENCODING) {
            for name in String::from_utf8_lossy(value.as_bytes()).split(',') {
                let coding = match name.trim().to_ascii_lowercase().as_str() {
                    "" | "identity" => continue,
                    "gzip" | "x-gzip" => Self::Gzip,
                    "deflate" => Self::Deflate,
                    "br" => Self::Brotli,
                    "zstd" => Self::Zstd,
                    _ => return Err(unknown(value.as_bytes())),
                };
                if found != Self::Identity {
                    return Err(unknown(value.as_bytes()));
                }
                found = coding;
            }
        }
        Ok(found)
    }

    /// What its decoder holds in memory at most.
    fn window_bytes(self) -> u64 {
        match self {
            Self::Identity => 0,
            Self::Gzip | Self::Deflate => 64 * 1024,
            Self::Brotli => 16 * 1024 * 1024,
            Self::Zstd => 1 << ZSTD_WINDOW_LOG_MAX,
        }
    }
}

fn unknown(given: &[u8]) -> Refusal {
    let given = String::from_utf8_lossy(given).chars().take(64).collect();
    Refusal::ContentEncoding { given }
}

/// A body that is read piece by piece.
pub(crate) struct Pieces<'a> {
    source: Source<'a>,
    bytes_max: u64,
    plain_bytes: u64,
    turns: Turns,
}

enum Source<'a> {
    Plain {
        body: Body,
        pace: Pace<'a>,
    },
    Held(Option<Bytes>),
    Coded {
        reader: Reader<'a>,
        wire_bytes: Arc<AtomicU64>,
        ratio_max: u64,
    },
}

type Reader<'a> = Pin<Box<dyn AsyncRead + Send + 'a>>;

impl<'a> Pieces<'a> {
    /// The body as it comes over the wire. One that says beforehand that it is too large is not read at all.
    pub fn of_wire(body: Body, pace: Pace<'a>, bytes_max: u64) -> Result<Self, Refusal> {
        if body.size_hint().lower() > bytes_max {
            return Err(Refusal::TooLarge { bytes_max });
        }
        Ok(Self::new(Source::Plain { body, pace }, bytes_max))
    }

    /// Bytes that are in memory already.
    pub fn of_bytes(bytes: Bytes, bytes_max: u64) -> Self {
        let held = Some(bytes).filter(|bytes| !bytes.is_empty());
        Self::new(Source::Held(held), bytes_max)
    }

    fn new(source: Source<'a>, bytes_max: u64) -> Self {
        Self {
            source,
            bytes_max,
            plain_bytes: 0,
            turns: Turns::default(),
        }
    }

    /// The same with its encoding taken off: it grows by `ratio_max` at most.
    pub async fn decoded(
        self,
        coding: Coding,
        ratio_max: u64,
        held: &mut HeldBytes,
    ) -> Result<Self, Refusal> {
        if coding == Coding::Identity {
            return Ok(self);
        }
        held.grow_by(coding.window_bytes())?;
        let bytes_max = self.bytes_max;
        let wire_bytes = Arc::new(AtomicU64::new(0));
        let wire = Self {
            bytes_max: bytes_max.saturating_add(WIRE_SLACK_BYTES),
            ..self
        };
        let reader = decoder(coding, wire.stream(Arc::clone(&wire_bytes))).await?;
        let source = Source::Coded {
            reader,
            wire_bytes,
            ratio_max,
        };
        Ok(Self::new(source, bytes_max))
    }

    /// The next piece, never empty; none at the end.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Refusal> {
        let piece = match &mut self.source {
            Source::Plain { body, pace } => pace.next(body).await?,
            Source::Held(bytes) => bytes.take(),
            Source::Coded { reader, .. } => {
                let mut piece = BytesMut::with_capacity(PIECE_BYTES);
                match reader.read_buf(&mut piece).await {
                    Ok(0) => None,
                    Ok(_) => Some(piece.freeze()),
                    Err(error) => return Err(refusal_of(error)),
                }
            }
        };
        let Some(piece) = piece else {
            return Ok(None);
        };
        self.plain_bytes += piece.len() as u64;
        let bytes_max = self.bytes_max;
        if self.plain_bytes > bytes_max {
            return Err(Refusal::TooLarge { bytes_max });
        }
        if let Source::Coded {
            wire_bytes,
            ratio_max,
            ..
        } = &self.source
        {
            let (wire_bytes, ratio_max) = (wire_bytes.load(Ordering::Relaxed), *ratio_max);
            let is_bomb = self.plain_bytes > wire_bytes.saturating_mul(ratio_max);
            if is_bomb && self.plain_bytes > RATIO_FLOOR_BYTES {
                return Err(Refusal::Bomb { ratio_max });
            }
        }
        self.turns.count(piece.len()).await;
        Ok(Some(piece))
    }

    /// The rest of it, in memory.
    pub async fn collect(&mut self, held: &mut HeldBytes) -> Result<Bytes, Refusal> {
        let Some(first) = self.next().await? else {
            return Ok(Bytes::new());
        };
        held.grow_by(first.len() as u64)?;
        let Some(second) = self.next().await? else {
            // The usual case: one piece, handed on without a copy.
            return Ok(first);
        };
        // A declared length is only a promise: memory is taken as the bytes arrive.
        let mut whole = BytesMut::with_capacity((first.len() + second.len()) * 2);
        whole.extend_from_slice(&first);
        let mut next = Some(second);
        while let Some(piece) = next {
            held.grow_by(piece.len() as u64)?;
            whole.extend_from_slice(&piece);
            next = self.next().await?;
        }
        Ok(whole.freeze())
    }

    fn stream(self, wire_bytes: Arc<AtomicU64>) -> impl Stream<Item = io::Result<Bytes>> + Send {
        try_unfold((self, wire_bytes), |(mut wire, wire_bytes)| async move {
            match wire.next().await {
                Ok(Some(piece)) => {
                    wire_bytes.fetch_add(piece.len() as u64, Ordering::Relaxed);
                    Ok(Some((piece, (wire, wire_bytes))))
                }
                Ok(None) => Ok(None),
                Err(refusal) => Err(io::Error::other(Refused(refusal))),
            }
        })
    }
}

async fn decoder<'a>(
    coding: Coding,
    wire: impl Stream<Item = io::Result<Bytes>> + Send + 'a,
) -> Result<Reader<'a>, Refusal> {
    let mut wire = StreamReader::new(Box::pin(wire));
    Ok(match coding {
        Coding::Gzip => {
            let mut decoder = GzipDecoder::new(wire);
            decoder.multiple_members(true);
            Box::pin(decoder)
        }
        Coding::Deflate => {
            let begin = wire.fill_buf().await.map_err(refusal_of)?;
            match is_zlib(begin) {
                true => Box::pin(ZlibDecoder::new(wire)),
                // What many senders take the name for.
                false => Box::pin(DeflateDecoder::new(wire)),
            }
        }
        Coding::Brotli => Box::pin(BrotliDecoder::new(wire)),
        Coding::Zstd => {
            let window = [DParameter::window_log_max(ZSTD_WINDOW_LOG_MAX)];
            let mut decoder = ZstdDecoder::with_params(wire, &window);
            decoder.multiple_members(true);
            Box::pin(decoder)
        }
        Coding::Identity => Box::pin(wire),
    })
}

fn is_zlib(begin: &[u8]) -> bool {
    match begin {
        [method, flags, ..] => {
            method & 0x0f == 8 && (u16::from(*method) << 8 | u16::from(*flags)) % 31 == 0
        }
        [method] => method & 0x0f == 8,
        [] => true,
    }
}

/// A refusal on its way through a decoder.
#[derive(Debug, thiserror::Error)]
#[error("the body was refused while it was decoded")]
struct Refused(Refusal);

fn refusal_of(error: io::Error) -> Refusal {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    match inner {
        Some(Refused(refusal)) => refusal.clone(),
        None => Refusal::Malformed {
            reason: format!(
                "The request is refused: its body is not what its Content-Encoding says: {error}"
            ),
        },
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;
    use http::HeaderValue;

    use super::*;
    use crate::limits::Limits;

    #[tokio::test]
    async fn a_body_that_is_here_already_leaves_turns_to_others() {
        let mebibytes = 4;
        let bytes = Bytes::from(vec![b' '; mebibytes << 20]);
        let limits = Limits::default();
        let pace = Pace::new(&limits);
        let mut pieces = Pieces::of_wire(Body::from_stream(pieces_of(bytes)), pace, u64::MAX)
            .expect("nothing is too large");
        let mut held = crate::body_read::BodyBudget::of_memory(u64::MAX).share();
        let mut collecting = Box::pin(pieces.collect(&mut held));
        let mut turns = 0;
        while collecting.as_mut().now_or_never().is_none() {
            turns += 1;
        }
        assert!(turns >= mebibytes, "{turns}");
    }

    fn pieces_of(bytes: Bytes) -> impl Stream<Item = io::Result<Bytes>> {
        let pieces: Vec<_> = bytes
            .chunks(16 * 1024)
            .map(Bytes::copy_from_slice)
            .collect();
        futures::stream::iter(pieces.into_iter().map(Ok))
    }

    #[test]
    fn one_encoding_is_taken_and_several_are_not() {
        let of = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(CONTENT_ENCODING, HeaderValue::from_static(value));
            }
            Coding::of(&headers)
        };
        for (values, coding) in [
            (&[][..], Coding::Identity),
            (&["", "identity"], Coding::Identity),
            (&["GZIP"], Coding::Gzip),
            (&["x-gzip"], Coding::Gzip),
            (&["identity, br"], Coding::Brotli),
            (&["deflate"], Coding::Deflate),
            (&["zstd"], Coding::Zstd),
        ] {
            assert_eq!(of(values), Ok(coding), "{values:?}");
        }
        for values in [
            &["gzip, gzip"][..],
            &["gzip", "br"],
            &["compress"],
            &["gzip;q=1"],
        ] {
            assert!(
                matches!(of(values), Err(Refusal::ContentEncoding { .. })),
                "{values:?}"
            );
        }
    }
}
