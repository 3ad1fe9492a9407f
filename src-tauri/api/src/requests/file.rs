//! `GET /requests/{id}/files/{file_id}`

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use futures::stream::try_unfold;
use hookloom_engine::ports::{FileError, Files, OpenFile};
use hookloom_model::FileId;
use http::{HeaderValue, StatusCode, header};

use super::get::id_of;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::identity::CanRead;
use crate::state::ApiState;

/// The bytes of a file that came with a request, exactly as they were sent. It is always a download: a browser neither
/// shows nor guesses at what a stranger sent.
#[utoipa::path(get, path = "/requests/{id}/files/{file_id}", tag = "requests", security(("bearer" = ["read"])),
    params(("id" = String, Path, description = "The request's id, `mqr_…`"),
        ("file_id" = String, Path, description = "The file's id, `fil_…`")),
    responses((status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream")))]
pub(crate) async fn get_request_file(
    _: CanRead,
    State(state): State<ApiState>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, Error> {
    // What is no text is no id.
    let Path((id, file_id)) = path.unwrap_or_else(|_| Path(Default::default()));
    let request = state.store.request(id_of(&id)?).await;
    let request = request.or_missing(ErrorCode::RequestNotFound)?;
    let missing = || {
        let shown: String = file_id.chars().take(64).collect();
        let message = format!("The request {id} has no file `{shown}`.");
        Error::not_found(ErrorCode::FileNotFound, message)
            .hint("The request's `files` say which there are.")
    };
    let wanted: FileId = file_id.parse().map_err(|_| missing())?;
    let mut files = request.record.files.iter();
    if !files.any(|file| file.id == wanted) {
        return Err(missing());
    }
    match state.store.open(wanted).await {
        Ok(opened) => Ok(download(opened)),
        Err(FileError::Missing { .. }) => Err(missing()),
        Err(error) => Err(Error::internal(error)),
    }
}

fn download(opened: OpenFile) -> Response {
    let OpenFile { file, content } = opened;
    let name = file.name.unwrap_or_else(|| file.id.to_string());
    let pieces = try_unfold(content, |mut content| async move {
        let piece = content.next().await?;
        Ok::<_, FileError>(piece.map(|piece| (piece, content)))
    });
    let mut response = Response::new(Body::from_stream(pieces));
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, file.byte_count.into());
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/octet-stream"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_DISPOSITION, attachment(&name));
    response
}

/// A name for the saved file: the last part of what the sender gave, without what could mean something to a system.
fn attachment(name: &str) -> HeaderValue {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let last = last.trim_start_matches('.');
    let plain: String = last
        .chars()
        .map(|letter| match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '-' | '_' | ' ' => letter,
            _ => '_',
        })
        .take(100)
        .collect();
    let plain = if plain.is_empty() { "file" } else { &plain };
    let encoded: String = last
        .chars()
        .filter(|letter| !letter.is_control())
        .take(100)
        .collect::<String>()
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect();
    let value = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    HeaderValue::try_from(value).unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_stranger_is_a_name_and_nothing_more() {
        for (given, shown) in [
            (
                "a b.png",
                "attachment; filename=\"a b.png\"; filename*=UTF-8''a%20b.png",
            ),
            (
                "../../etc/passwd",
                "attachment; filename=\"passwd\"; filename*=UTF-8''passwd",
            ),
            (
                "C:\\dir\\.bashrc",
                "attachment; filename=\"bashrc\"; filename*=UTF-8''bashrc",
            ),
            (
                "ü\"\r\nx: y",
                "attachment; filename=\"____x_ y\"; filename*=UTF-8''%C3%BC%22x%3A%20y",
            ),
            ("..", "attachment; filename=\"file\"; filename*=UTF-8''"),
        ] {
            assert_eq!(attachment(given), shown, "{given}");
        }
    }
}
