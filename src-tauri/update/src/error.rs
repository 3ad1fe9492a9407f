//! Why there is no update: a kind for callers, and for people what happened, why, and what to do.

use hookloom_engine::ports::{HttpError, HttpErrorKind};

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    kind: Kind,
    message: String,
    hint: String,
}

/// What callers tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The address or the key is none.
    SourceInvalid,
    /// Nobody answered as wanted.
    Unreachable,
    /// Nobody answered in time.
    Timeout,
    /// A redirect led to where nothing is read from.
    RedirectRefused,
    /// What came is no manifest at all.
    NotAManifest,
    /// A manifest, with something in it that cannot be.
    ManifestInvalid,
    /// A manifest for newer programs.
    ManifestNewer,
    /// Longer than a manifest may be.
    ManifestTooLarge,
    /// No signature lies beside the manifest.
    SignatureMissing,
    /// What lies there is no signature.
    SignatureUnreadable,
    /// Another key signed it.
    KeyWrong,
    /// The key fits, and something else was signed.
    SignatureWrong,
    /// An older manifest than one that was seen before.
    RolledBack,
    /// What is installed is as new.
    NotNewer,
    /// Another version was asked for by name.
    VersionOther,
    /// Nobody knows which package this installation came as.
    PackageUnknown,
    /// The release has no such package.
    PackageMissing,
    /// The file ended too early.
    FileCut,
    /// The file is longer than the manifest says.
    FileTooLarge,
    /// The file has other bytes than the manifest says.
    FileChanged,
    /// Another file has the name.
    FileTaken,
    /// The folder cannot be used.
    FolderUnusable,
    /// The disk is full.
    NoRoom,
    /// Somebody wanted it to end.
    Canceled,
}

impl Error {
    /// What happened and why, and what to do.
    pub fn new(kind: Kind, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// What callers tell apart.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What to do.
    pub fn hint(&self) -> &str {
        &self.hint
    }

    /// A failure of the client. Its sentence says what to do already, except where that differs here.
    pub(crate) fn of_http(error: HttpError, too_large: Kind) -> Self {
        let (kind, hint) = match error.kind {
            HttpErrorKind::Timeout => (
                Kind::Timeout,
                "Look whether the server answers in a browser, then try again. Nothing was changed.",
            ),
            HttpErrorKind::Redirect => (
                Kind::RedirectRefused,
                "Releases are read over https alone, and over few redirects. Tell whoever makes them; nothing was read from there.",
            ),
            HttpErrorKind::TooLarge => (
                too_large,
                "This is not what was published, or somebody between changes it. Nothing of it was kept.",
            ),
            HttpErrorKind::Interrupted if too_large == Kind::FileTooLarge => {
                (Kind::FileCut, "Try again: nothing of it was kept.")
            }
            HttpErrorKind::Tls => (
                Kind::Unreachable,
                "Releases are read from nobody whose certificate this system does not trust. Look whether something between \
                 replaces certificates, and tell whoever makes the releases.",
            ),
            HttpErrorKind::Refused => (
                Kind::Unreachable,
                "Look at the address that updates come from.",
            ),
            _ => (
                Kind::Unreachable,
                "Look at the network and at the outgoing proxy in the settings, then try again.",
            ),
        };
        Self::new(kind, error.message, hint)
    }
}
