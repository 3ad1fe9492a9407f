//! What the crate of releases refuses, in the words and codes of the API.

use hookloom_update::{Error as UpdateError, Kind};
use http::StatusCode;

use crate::error::{Error, ErrorCode};
use crate::failures::sentence;

impl From<UpdateError> for Error {
    fn from(error: UpdateError) -> Self {
        let (status, code) = told(error.kind());
        Self::new(status, code, sentence(&error)).hint(error.hint())
    }
}

/// The status and the code of a failure.
pub(super) fn told(kind: Kind) -> (StatusCode, ErrorCode) {
    use ErrorCode as Code;
    let code = match kind {
        Kind::SourceInvalid => Code::UpdateSourceInvalid,
        Kind::Unreachable => Code::UpdateUnreachable,
        Kind::Timeout => Code::UpdateTimeout,
        Kind::RedirectRefused => Code::UpdateRedirectRefused,
        Kind::NotAManifest => Code::UpdateNotAManifest,
        Kind::ManifestInvalid => Code::UpdateManifestInvalid,
        Kind::ManifestNewer => Code::UpdateManifestNewer,
        Kind::ManifestTooLarge => Code::UpdateManifestTooLarge,
        Kind::SignatureMissing => Code::UpdateSignatureMissing,
        Kind::SignatureUnreadable => Code::UpdateSignatureUnreadable,
        Kind::KeyWrong => Code::UpdateKeyWrong,
        Kind::SignatureWrong => Code::UpdateSignatureWrong,
        Kind::RolledBack => Code::UpdateRolledBack,
        Kind::NotNewer => Code::UpdateNotNewer,
        Kind::VersionOther => Code::UpdateVersionOther,
        Kind::PackageUnknown => Code::UpdatePackageUnknown,
        Kind::PackageMissing => Code::UpdatePackageMissing,
        Kind::FileCut => Code::UpdateFileCut,
        Kind::FileTooLarge => Code::UpdateFileTooLarge,
        Kind::FileChanged => Code::UpdateFileChanged,
        Kind::FileTaken => Code::UpdateFileTaken,
        Kind::FolderUnusable => Code::UpdateFolderUnusable,
        Kind::NoRoom => Code::NoRoom,
        Kind::Canceled => Code::UpdateCanceled,
    };
    let status = match kind {
        Kind::SourceInvalid | Kind::PackageUnknown => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Timeout => StatusCode::GATEWAY_TIMEOUT,
        Kind::NoRoom => StatusCode::INSUFFICIENT_STORAGE,
        Kind::NotNewer
        | Kind::VersionOther
        | Kind::PackageMissing
        | Kind::FileTaken
        | Kind::FolderUnusable
        | Kind::Canceled => StatusCode::CONFLICT,
        // Somebody else's answer is what is wrong.
        _ => StatusCode::BAD_GATEWAY,
    };
    (status, code)
}
