//! Frames on a pipe: a length, a head that says what it is, and texts. JSON values are texts of their own, so that
//! nobody escapes JSON within JSON.
//!
//! `length: u32 LE | head length: u32 LE | head as JSON | texts`; the head begins with the texts' lengths.

use std::io::{self, Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A message and the texts that belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame<T> {
    pub message: T,
    pub texts: Vec<String>,
}

/// Why bytes are no frame.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FrameError {
    #[error("the pipe is closed")]
    Closed,
    #[error("the pipe failed: {0}")]
    Pipe(#[from] io::Error),
    #[error("a frame of {bytes} bytes is over the limit of {max}")]
    TooLarge { bytes: usize, max: usize },
    #[error("a frame cannot be read: {0}")]
    Malformed(String),
}

#[derive(Serialize, Deserialize)]
struct Head<T> {
    texts: Vec<u32>,
    message: T,
}

impl<T> Frame<T> {
    /// A message without texts.
    pub fn bare(message: T) -> Self {
        Self {
            message,
            texts: Vec::new(),
        }
    }
}

impl<T: Serialize> Frame<T> {
    /// The bytes for the pipe.
    pub fn to_bytes(&self) -> Result<Vec<u8>, FrameError> {
        let length = |bytes: usize| {
            u32::try_from(bytes).map_err(|_| FrameError::TooLarge {
                bytes,
                max: u32::MAX as usize,
            })
        };
        let texts = self.texts.iter().map(|text| length(text.len()));
        let head = Head {
            texts: texts.collect::<Result<_, _>>()?,
            message: &self.message,
        };
        let head = serde_json::to_vec(&head);
        let head = head.map_err(|error| FrameError::Malformed(error.to_string()))?;
        let texts_bytes: usize = self.texts.iter().map(String::len).sum();
        let mut bytes = Vec::with_capacity(8 + head.len() + texts_bytes);
        bytes.extend(length(4 + head.len() + texts_bytes)?.to_le_bytes());
        bytes.extend(length(head.len())?.to_le_bytes());
        bytes.extend(&head);
        self.texts
            .iter()
            .for_each(|text| bytes.extend(text.as_bytes()));
        Ok(bytes)
    }

    /// Writes the frame to a pipe.
    pub fn write(&self, pipe: &mut impl Write) -> Result<(), FrameError> {
        pipe.write_all(&self.to_bytes()?)?;
        Ok(pipe.flush()?)
    }
}

impl<T: DeserializeOwned> Frame<T> {
    /// Reads the next frame from a pipe.
    pub fn read(pipe: &mut impl Read, bytes_max: usize) -> Result<Self, FrameError> {
        let mut length = [0; 4];
        match pipe.read_exact(&mut length) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(FrameError::Closed);
            }
            Err(error) => return Err(error.into()),
        }
        let mut body = vec![0; body_length(length, bytes_max)?];
        pipe.read_exact(&mut body)?;
        Self::from_body(&body)
    }

    /// A frame from what follows its length.
    pub fn from_body(body: &[u8]) -> Result<Self, FrameError> {
        let short = || FrameError::Malformed("it is too short for what it announces".to_owned());
        let (length, rest) = body.split_first_chunk::<4>().ok_or_else(short)?;
        let length = u32::from_le_bytes(*length) as usize;
        let (head, mut rest) = rest.split_at_checked(length).ok_or_else(short)?;
        let head: Head<T> = serde_json::from_slice(head)
            .map_err(|error| FrameError::Malformed(error.to_string()))?;
        let mut texts = Vec::with_capacity(head.texts.len().min(1_024));
        for length in head.texts {
            let (text, after) = rest.split_at_checked(length as usize).ok_or_else(short)?;
            let text = std::str::from_utf8(text)
                .map_err(|_| FrameError::Malformed("a text is no UTF-8".to_owned()))?;
            texts.push(text.to_owned());
            rest = after;
        }
        if !rest.is_empty() {
            return Err(FrameError::Malformed(
                "it is longer than what it announces".to_owned(),
            ));
        }
        Ok(Self {
            message: head.message,
            texts,
        })
    }
}

/// The length of what follows, if it is within the limit.
pub(crate) fn body_length(length: [u8; 4], bytes_max: usize) -> Result<usize, FrameError> {
    let bytes = u32::from_le_bytes(length) as usize;
    if bytes > bytes_max {
        return Err(FrameError::TooLarge {
            bytes,
            max: bytes_max,
        });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::message::{FromWorker, ToWorker};

    proptest! {
        #[test]
        fn a_frame_comes_out_as_it_went_in(texts in prop::collection::vec(".*", 0..5), error in ".*") {
            let frame = Frame { message: ToWorker::Answer { error: Some(error) }, texts };
            let bytes = frame.to_bytes().expect("it is small");
            let read = Frame::read(&mut bytes.as_slice(), 1_000_000).expect("it is whole");
            prop_assert_eq!(read, frame);
        }

        #[test]
        fn no_bytes_of_a_worker_do_more_than_be_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Frame::<FromWorker>::from_body(&bytes);
            let _ = Frame::<FromWorker>::read(&mut bytes.as_slice(), 100);
        }

        #[test]
        fn a_frame_with_one_wrong_byte_does_not_panic(at in 0_usize..60, byte in any::<u8>()) {
            let frame = Frame { message: FromWorker::Checked { message: None }, texts: vec!["text".into()] };
            let mut bytes = frame.to_bytes().expect("it is small");
            let at = at % bytes.len();
            bytes[at] = byte;
            let _ = Frame::<FromWorker>::read(&mut bytes.as_slice(), 1_000);
        }
    }

    #[test]
    fn a_frame_over_the_limit_is_refused_before_it_is_read() {
        let bytes = 5_000_u32.to_le_bytes();
        let refused = Frame::<FromWorker>::read(&mut bytes.as_slice(), 4_999);
        assert!(matches!(
            refused,
            Err(FrameError::TooLarge { bytes: 5_000, .. })
        ));
    }
}
