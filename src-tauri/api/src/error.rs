//! Everything that an operation can refuse, as one body: a code for scripts, and for people what happened, why,
//! and what to do.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::flows::FlowDetail;
use crate::named::named;
use crate::problem::Problem;
use crate::state::ApiState;

/// When a caller may come again after [`Error::unavailable`].
const RETRY_AFTER_S: u32 = 2;

/// The body of every answer that is not a success.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ErrorAnswer {
    pub error: ErrorBody,
}

impl ErrorAnswer {
    /// As JSON, and beside that as it is, for [`mask_errors`].
    fn with_status(self, status: StatusCode) -> Response {
        let mut answer = (status, axum::Json(&self)).into_response();
        answer.extensions_mut().insert(self);
        answer
    }
}

/// Masks what an error says. Messages quote what the caller gave, and that may be the value of a secret: it would stand
/// in a terminal, in a log of somebody's script, on a screen.
pub(crate) async fn mask_errors(
    State(state): State<ApiState>,
    request: Request,
    next: Next,
) -> Response {
    let mut answer = next.run(request).await;
    let Some(ErrorAnswer { mut error }) = answer.extensions_mut().remove() else {
        return answer;
    };
    let masked = state.masked();
    error.message = masked.text(error.message);
    error.hint = error.hint.map(|hint| masked.text(hint));
    for problem in &mut error.problems {
        problem.message = masked.text(std::mem::take(&mut problem.message));
        problem.hint = problem.hint.take().map(|hint| masked.text(hint));
    }
    let (mut head, _) = answer.into_parts();
    head.headers.remove(header::CONTENT_LENGTH);
    let mut answer = ErrorAnswer { error }.with_status(head.status);
    answer.extensions_mut().clear();
    for (name, value) in &head.headers {
        answer.headers_mut().insert(name, value.clone());
    }
    answer
}

/// What went wrong.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ErrorBody {
    pub code: ErrorCode,
    /// What happened and why.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Everything that is wrong with the document; only with `document_invalid`, `publish_refused` and
    /// `import_unreadable`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
    /// The flow as it is now; only with `draft_conflict`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub current: Option<Box<FlowDetail>>,
}

named!(
    /// What went wrong, for a caller that tells cases apart.
    ErrorCode {
        BadRequest = "bad_request",
        Unauthorized = "unauthorized",
        CodeUnknown = "code_unknown",
        Forbidden = "forbidden",
        HostNotAllowed = "host_not_allowed",
        OriginNotAllowed = "origin_not_allowed",
        RouteNotFound = "route_not_found",
        FlowNotFound = "flow_not_found",
        VersionNotFound = "version_not_found",
        RequestNotFound = "request_not_found",
        FileNotFound = "file_not_found",
        JobNotFound = "job_not_found",
        DeliveryNotFound = "delivery_not_found",
        SecretNotFound = "secret_not_found",
        VariableNotFound = "variable_not_found",
        VariableSetNotFound = "variable_set_not_found",
        TokenNotFound = "token_not_found",
        EndpointNotFound = "endpoint_not_found",
        AliasNotFound = "alias_not_found",
        ListenerNotFound = "listener_not_found",
        TaskNotFound = "task_not_found",
        MethodNotAllowed = "method_not_allowed",
        NameTaken = "name_taken",
        NameInvalid = "name_invalid",
        DraftConflict = "draft_conflict",
        FlowBusy = "flow_busy",
        JobEnded = "job_ended",
        JobNotEnded = "job_not_ended",
        LoopDetected = "loop_detected",
        NothingToContinue = "nothing_to_continue",
        SecretStateNeeded = "secret_state_needed",
        StepUnknown = "step_unknown",
        RecordDamaged = "record_damaged",
        ReplayRefused = "replay_refused",
        FlowBroken = "flow_broken",
        ValueInvalid = "value_invalid",
        NotPublished = "not_published",
        EndpointTaken = "endpoint_taken",
        CredentialNotMade = "credential_not_made",
        ViewNotFound = "view_not_found",
        AlertNotFound = "alert_not_found",
        AlertRuleNotFound = "alert_rule_not_found",
        BackupNotFound = "backup_not_found",
        BackupBusy = "backup_busy",
        BackupUnusable = "backup_unusable",
        NoRoom = "no_room",
        UpdateNotConfigured = "update_not_configured",
        UpdateSourceInvalid = "update_source_invalid",
        UpdateUnreachable = "update_unreachable",
        UpdateTimeout = "update_timeout",
        UpdateRedirectRefused = "update_redirect_refused",
        UpdateNotAManifest = "update_not_a_manifest",
        UpdateManifestInvalid = "update_manifest_invalid",
        UpdateManifestNewer = "update_manifest_newer",
        UpdateManifestTooLarge = "update_manifest_too_large",
        UpdateSignatureMissing = "update_signature_missing",
        UpdateSignatureUnreadable = "update_signature_unreadable",
        UpdateKeyWrong = "update_key_wrong",
        UpdateSignatureWrong = "update_signature_wrong",
        UpdateRolledBack = "update_rolled_back",
        UpdateNotNewer = "update_not_newer",
        UpdateVersionOther = "update_version_other",
        UpdatePackageUnknown = "update_package_unknown",
        UpdatePackageMissing = "update_package_missing",
        UpdateFileCut = "update_file_cut",
        UpdateFileTooLarge = "update_file_too_large",
        UpdateFileChanged = "update_file_changed",
        UpdateFileTaken = "update_file_taken",
        UpdateFolderUnusable = "update_folder_unusable",
        UpdateCanceled = "update_canceled",
        UpdateBusy = "update_busy",
        TooMany = "too_many",
        AddressRefused = "address_refused",
        BodyTooLarge = "body_too_large",
        ContentTypeUnsupported = "content_type_unsupported",
        ImportUnreadable = "import_unreadable",
        PreviewOutdated = "preview_outdated",
        DocumentInvalid = "document_invalid",
        PublishRefused = "publish_refused",
        OutputUnknown = "output_unknown",
        VaultUnavailable = "vault_unavailable",
        Unavailable = "unavailable",
        Timeout = "timeout",
        Internal = "internal",
    }
);

/// Why an operation was not done.
#[derive(Debug, thiserror::Error)]
#[error("{}", body.message)]
pub struct Error {
    status: StatusCode,
    body: Box<ErrorBody>,
    retry_after_s: Option<u32>,
    /// Kept for the log; never part of the answer.
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// A refusal with its status and what happened.
    pub fn new(status: StatusCode, code: ErrorCode, message: impl Into<String>) -> Self {
        let body = ErrorBody {
            code,
            message: message.into(),
            hint: None,
            problems: Vec::new(),
            current: None,
        };
        Self {
            status,
            body: Box::new(body),
            retry_after_s: None,
            source: None,
        }
    }

    /// Nobody was recognised.
    pub(crate) fn unauthorized() -> Self {
        let message = "This needs a token that is good: `Authorization: Bearer TOKEN`.";
        Self::new(StatusCode::UNAUTHORIZED, ErrorCode::Unauthorized, message).hint(
            "Make one with `hookloom token create NAME`, or open the workbench by the URL that \
             `hookloom serve` prints.",
        )
    }

    /// There is no such thing.
    pub(crate) fn not_found(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message)
    }

    /// It cannot be done now, and may be later.
    pub(crate) fn unavailable(code: ErrorCode, message: impl Into<String>) -> Self {
        let mut error = Self::new(StatusCode::SERVICE_UNAVAILABLE, code, message);
        error.retry_after_s = Some(RETRY_AFTER_S);
        error
    }

    /// Our fault. The log has the cause; the answer has none of it.
    pub(crate) fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let message = "Hookloom failed at this; nothing more was changed.";
        let mut error = Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            ErrorCode::Internal,
            message,
        )
        .hint("The log says what happened. If it happens again, please report it.");
        error.source = Some(source.into());
        error
    }

    /// The same, with what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.body.hint = Some(hint.into());
        self
    }

    /// The same, with everything that is wrong with the document.
    #[must_use]
    pub(crate) fn problems(mut self, problems: Vec<Problem>) -> Self {
        self.body.problems = problems;
        self
    }

    /// The same, with the flow as it is now.
    #[must_use]
    pub(crate) fn current(mut self, flow: FlowDetail) -> Self {
        self.body.current = Some(Box::new(flow));
        self
    }

    /// What a caller tells apart.
    pub fn code(&self) -> ErrorCode {
        self.body.code
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let Self {
            status,
            body,
            retry_after_s,
            source,
        } = self;
        if let Some(source) = source {
            tracing::error!(error = %Chain(&*source), "an operation of the control API failed");
        }
        let mut answer = ErrorAnswer { error: *body }.with_status(status);
        if let Some(seconds) = retry_after_s {
            answer
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            answer
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, scheme);
        }
        answer
    }
}

/// An error and what caused it, in one line.
struct Chain<'a>(&'a (dyn std::error::Error + 'static));

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
