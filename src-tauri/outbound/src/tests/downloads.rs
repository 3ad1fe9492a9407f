//! Answers that are read piece by piece, from real servers.

use axum::Router;
use axum::response::IntoResponse as _;
use axum::routing::get as answering;
use hookloom_engine::ports::{
    Downloads as _, HttpError, HttpErrorKind, OutgoingRequest, Redirects,
};
use http::StatusCode;
use http::header::{CONTENT_ENCODING, LOCATION};

use super::servers::{get, serve, serve_bytes};
use crate::{Options, Outbound};

/// The whole answer.
async fn read(request: OutgoingRequest) -> Result<(u16, Vec<u8>), HttpError> {
    let mut coming = Outbound::new(Options::default()).begin(request).await?;
    let mut whole = Vec::new();
    while let Some(piece) = coming.piece().await? {
        whole.extend_from_slice(&piece);
    }
    Ok((coming.status(), whole))
}

async fn refused(request: OutgoingRequest) -> HttpErrorKind {
    let read = read(request)
        .await
        .map(|(status, whole)| (status, whole.len()));
    read.expect_err("it is refused").kind
}

fn following(url: &str) -> OutgoingRequest {
    OutgoingRequest {
        redirects: Some(Redirects {
            hops_max: 3,
            kept_headers: Vec::new(),
            body_has_secret: false,
            secure_only: true,
        }),
        ..get(url)
    }
}

#[tokio::test]
async fn a_long_answer_comes_whole_and_no_longer_than_it_may_be() {
    let long = vec![7; 3_000_000];
    let sent = long.clone();
    let router = Router::new().route("/", answering(move || async move { sent }));
    let address = serve(router).await;
    let mut request = get(&format!("http://{address}/"));
    request.answer_bytes_max = 3_000_000;
    let (status, whole) = read(request.clone()).await.expect("an answer");
    assert_eq!((status, whole == long), (200, true));
    request.answer_bytes_max = 2_999_999;
    assert_eq!(refused(request).await, HttpErrorKind::TooLarge);
    // One that announces nothing is counted.
    let (address, _) = serve_bytes(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n0123456789").await;
    let mut request = get(&format!("http://{address}/"));
    request.answer_bytes_max = 9;
    assert_eq!(refused(request.clone()).await, HttpErrorKind::TooLarge);
    request.answer_bytes_max = 10;
    assert_eq!(read(request).await.expect("an answer").1, b"0123456789");
}

#[tokio::test]
async fn what_is_cut_or_silent_is_told() {
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n0123456789";
    let (address, _) = serve_bytes(cut).await;
    let cut = get(&format!("http://{address}/"));
    assert_eq!(refused(cut).await, HttpErrorKind::Interrupted);
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let mut request = get(&format!(
        "http://{}/",
        silent.local_addr().expect("its address")
    ));
    request.timeout_ms = 200;
    assert_eq!(refused(request).await, HttpErrorKind::Timeout);
    // Half an answer, and then nothing.
    let half = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = half.local_addr().expect("its address");
    let serving = tokio::spawn(async move {
        let (mut socket, _) = half.accept().await.expect("a caller");
        super::servers::read_head(&mut socket).await;
        let begin = b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n0123456789";
        tokio::io::AsyncWriteExt::write_all(&mut socket, begin)
            .await
            .expect("it reads");
        std::future::pending::<()>().await;
    });
    let mut request = get(&format!("http://{address}/"));
    request.timeout_ms = 200;
    assert_eq!(refused(request).await, HttpErrorKind::Timeout);
    serving.abort();
}

#[tokio::test]
async fn a_compressed_answer_is_not_taken_for_the_file() {
    let packed = || async { ([(CONTENT_ENCODING, "gzip")], "no gzip at all").into_response() };
    let address = serve(Router::new().route("/", answering(packed))).await;
    let request = get(&format!("http://{address}/"));
    assert_eq!(refused(request).await, HttpErrorKind::Interrupted);
}

#[tokio::test]
async fn redirects_are_followed_on_this_computer_and_never_to_plain_http_elsewhere() {
    let to = |place: &'static str| {
        answering(move || async move { (StatusCode::FOUND, [(LOCATION, place)]).into_response() })
    };
    let router = Router::new()
        .route("/here", to("/file"))
        .route("/file", answering(|| async { "the file" }))
        .route("/plain", to("http://releases.example/file"))
        .route("/inside", to("http://10.0.0.7/file"))
        .route("/round", to("/round"));
    let address = serve(router).await;
    let at = |path: &str| following(&format!("http://{address}{path}"));
    assert_eq!(
        read(at("/here")).await.expect("it leads there").1,
        b"the file"
    );
    for path in ["/plain", "/inside", "/round"] {
        assert_eq!(refused(at(path)).await, HttpErrorKind::Redirect, "{path}");
    }
    // Without a wish to follow, a redirect is an answer.
    let mut bare = at("/here");
    bare.redirects = None;
    assert_eq!(read(bare).await.expect("an answer").0, 302);
}
