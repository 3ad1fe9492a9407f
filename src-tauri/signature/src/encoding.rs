//! Signatures as text: strict, so that every signature has one spelling and one length.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};

use crate::Failure;

/// How a signature is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// In lower case.
    Hex,
    /// The standard alphabet, padded.
    Base64,
    /// The alphabet for URLs, written without padding and read with or without it.
    Base64Url,
}

const BASE64_URL: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

impl Encoding {
    pub fn encode(self, bytes: &[u8]) -> String {
        match self {
            Self::Hex => hex::encode(bytes),
            Self::Base64 => STANDARD.encode(bytes),
            Self::Base64Url => BASE64_URL.encode(bytes),
        }
    }

    /// Decodes a signature of this many bytes; another length never matches.
    pub fn decode(self, text: &str, bytes: usize, header: &str) -> Result<Vec<u8>, Failure> {
        let decoded = match self {
            Self::Hex if text.bytes().any(|b| b.is_ascii_uppercase()) => None,
            Self::Hex => hex::decode(text).ok(),
            Self::Base64 => STANDARD.decode(text).ok(),
            Self::Base64Url => BASE64_URL.decode(text).ok(),
        };
        decoded
            .filter(|decoded| decoded.len() == bytes)
            .ok_or_else(|| Failure::BadEncoding {
                header: header.to_owned().into(),
                encoding: match self {
                    Self::Hex => "hexadecimal digits in lower case, of its hash's length",
                    Self::Base64 => "base64 of its hash's length",
                    Self::Base64Url => "base64 in the alphabet for URLs, of its hash's length",
                },
            })
    }
}
