//! What is sent and what comes back, over plain HTTP.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::Request;
use axum::routing::{any, get as on_get};
use bytes::Bytes;
use hookloom_engine::ports::{Http, HttpErrorKind, OutgoingRequest, Timings};
use http::StatusCode;
use http::header::LOCATION;
use tokio::task::JoinSet;

use super::servers::{get, serve, serve_bytes, serve_kept};
use crate::{Options, Outbound};

fn outbound() -> Outbound {
    Outbound::new(Options::default())
}

/// Gives the request back as text: its line, its headers, its body.
async fn echo(request: Request) -> String {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1024 * 1024)
        .await
        .expect("a body");
    let mut lines = vec![format!("{} {}", head.method, head.uri)];
    for (name, value) in &head.headers {
        lines.push(format!(
            "{name}: {}",
            String::from_utf8_lossy(value.as_bytes())
        ));
    }
    lines.push(String::from_utf8_lossy(&body).into_owned());
    lines.join("\n")
}

#[tokio::test]
async fn what_is_sent_arrives_exactly_and_nothing_else() {
    let address = serve(Router::new().fallback(any(echo))).await;
    let request = OutgoingRequest {
        method: http::Method::POST,
        headers: vec![
            ("X-Shop".into(), "Zürich".into()),
            ("Content-Type".into(), "application/json".into()),
            ("x-shop".into(), "second".into()),
        ],
        body: Bytes::from_static(b"{\"a\": 1.0}"),
        ..get(&format!("http://{address}/ship?a=b%20c&a=d"))
    };
    let answer = outbound().send(request).await.expect("an answer");
    assert_eq!(answer.status, 200);
    let body = String::from_utf8_lossy(&answer.body);
    let mut lines: Vec<_> = body.lines().collect();
    assert_eq!(lines.remove(0), "POST /ship?a=b%20c&a=d");
    assert_eq!(lines.pop(), Some("{\"a\": 1.0}"));
    lines.sort_unstable();
    let host = format!("host: {address}");
    let agent = concat!("user-agent: Hookloom/", env!("CARGO_PKG_VERSION"));
    let mut expected = vec![
        "accept-encoding: identity",
        "accept: */*",
        "content-length: 10",
        "content-type: application/json",
        &host,
        agent,
        "x-shop: Zürich",
        "x-shop: second",
    ];
    expected.sort_unstable();
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn headers_of_the_user_win_over_ours() {
    let address = serve(Router::new().fallback(any(echo))).await;
    let headers = vec![
        ("User-Agent".into(), "shop/1".into()),
        ("Accept-Encoding".into(), "br".into()),
    ];
    let request = OutgoingRequest {
        headers,
        ..get(&format!("http://{address}/"))
    };
    let answer = outbound().send(request).await.expect("an answer");
    let body = String::from_utf8_lossy(&answer.body);
    assert!(
        body.contains("user-agent: shop/1\n") && body.contains("accept-encoding: br\n"),
        "{body}"
    );
    assert_eq!(body.matches("user-agent").count(), 1);
}

#[tokio::test]
async fn headers_that_would_break_the_request_are_refused_without_showing_their_values() {
    for (name, value) in [
        ("x-a", "s3cret\r\nx-b: 1"),
        ("x-a", "s3cret\0"),
        ("x a", "s3cret"),
        ("", "s3cret"),
        ("Transfer-Encoding", "s3cret"),
        ("content-length", "s3cret"),
        ("Connection", "s3cret"),
    ] {
        let headers = vec![(name.into(), value.into())];
        let request = OutgoingRequest {
            headers,
            ..get("http://127.0.0.1:9/")
        };
        let error = outbound().send(request).await.expect_err("refused");
        assert_eq!(error.kind, HttpErrorKind::Invalid, "{name}");
        assert!(!error.message.contains("s3cret"), "{}", error.message);
    }
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let followed = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&followed);
    let router = Router::new()
        .route(
            "/",
            on_get(|| async { (StatusCode::FOUND, [(LOCATION, "/elsewhere")]) }),
        )
        .route(
            "/elsewhere",
            on_get(move || async move {
                counted.fetch_add(1, Ordering::SeqCst);
                ""
            }),
        );
    let address = serve(router).await;
    let answer = outbound()
        .send(get(&format!("http://{address}/")))
        .await
        .expect("an answer");
    assert_eq!(answer.status, 302);
    assert!(
        answer
            .headers
            .contains(&("location".into(), "/elsewhere".into()))
    );
    assert_eq!(followed.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn cookies_are_not_kept() {
    let router = Router::new()
        .route("/set", on_get(|| async { ([("set-cookie", "a=1")], "") }))
        .fallback(any(echo));
    let address = serve(router).await;
    let outbound = outbound();
    outbound
        .send(get(&format!("http://{address}/set")))
        .await
        .expect("an answer");
    let answer = outbound
        .send(get(&format!("http://{address}/")))
        .await
        .expect("an answer");
    assert!(!String::from_utf8_lossy(&answer.body).contains("cookie"));
}

#[tokio::test]
async fn a_slow_answer_ends_at_the_timeout_even_between_its_bytes() {
    let never = Router::new().route("/", on_get(std::future::pending::<&'static str>));
    let never = serve(never).await;
    let halting = serve_halting(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf").await;
    let outbound = outbound();
    for address in [never, halting] {
        let began = Instant::now();
        let url = format!("http://{address}/?token=s3cret");
        let request = OutgoingRequest {
            timeout_ms: 200,
            ..get(&url)
        };
        let error = outbound.send(request).await.expect_err("no answer");
        assert!(began.elapsed() < Duration::from_secs(2));
        assert_eq!(error.kind, HttpErrorKind::Timeout, "{}", error.message);
        assert!(
            error.message.contains("200 ms (timeout_ms)"),
            "{}",
            error.message
        );
        assert!(!error.message.contains("s3cret"), "{}", error.message);
    }
}

/// Sends the beginning of an answer, and then nothing more.
async fn serve_halting(beginning: &'static [u8]) -> std::net::SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = listener.local_addr().expect("its address");
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            super::servers::read_head(&mut socket).await;
            let _ = tokio::io::AsyncWriteExt::write_all(&mut socket, beginning).await;
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_secs(60)).await;
                drop(socket);
            });
        }
    });
    address
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_interrupted() {
    for answer in [
        b"".as_slice(),
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    ] {
        let (address, _) = serve_bytes(answer).await;
        let error = outbound()
            .send(get(&format!("http://{address}/")))
            .await
            .expect_err("cut off");
        assert_eq!(error.kind, HttpErrorKind::Interrupted, "{}", error.message);
        assert!(
            error.message.contains(&address.to_string()),
            "{}",
            error.message
        );
    }
}

#[tokio::test]
async fn an_answer_over_the_limit_is_cut_whether_it_says_so_or_not() {
    let declared = b"HTTP/1.1 200 OK\r\ncontent-length: 11\r\nconnection: close\r\n\r\nhello world";
    let streamed = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhello world";
    let chunked =
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n";
    for answer in [declared.as_slice(), streamed, chunked] {
        let (address, _) = serve_bytes(answer).await;
        let url = format!("http://{address}/");
        let fits = OutgoingRequest {
            answer_bytes_max: 11,
            ..get(&url)
        };
        let body = outbound().send(fits).await.expect("an answer").body;
        assert_eq!(body, "hello world");
        let too_small = OutgoingRequest {
            answer_bytes_max: 10,
            ..get(&url)
        };
        let error = outbound().send(too_small).await.expect_err("too large");
        assert_eq!(error.kind, HttpErrorKind::TooLarge);
        assert!(
            error.message.contains("answer_bytes_max"),
            "{}",
            error.message
        );
    }
}

#[tokio::test]
async fn an_endless_answer_does_not_fill_the_memory() {
    let router = Router::new().route(
        "/",
        on_get(|| async {
            let piece = Bytes::from(vec![b'x'; 64 * 1024]);
            let (sender, receiver) = tokio::sync::mpsc::channel::<Bytes>(1);
            tokio::spawn(async move { while sender.send(piece.clone()).await.is_ok() {} });
            axum::body::Body::new(Endless(receiver))
        }),
    );
    let address = serve(router).await;
    let error = outbound()
        .send(get(&format!("http://{address}/")))
        .await
        .expect_err("too large");
    assert_eq!(error.kind, HttpErrorKind::TooLarge);
}

struct Endless(tokio::sync::mpsc::Receiver<Bytes>);

impl hyper::body::Body for Endless {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<hyper::body::Frame<Bytes>, Self::Error>>> {
        self.0
            .poll_recv(context)
            .map(|piece| piece.map(|piece| Ok(hyper::body::Frame::data(piece))))
    }
}

#[tokio::test]
async fn a_compressed_answer_is_decoded_and_its_limit_counts_decoded_bytes() {
    use flate2::Compression;
    use flate2::read::{GzEncoder, ZlibEncoder};
    use std::io::Read;

    let plain = vec![b'a'; 100_000];
    let mut zipped = Vec::new();
    GzEncoder::new(&plain[..], Compression::fast())
        .read_to_end(&mut zipped)
        .expect("gzip");
    let mut deflated = Vec::new();
    ZlibEncoder::new(&plain[..], Compression::fast())
        .read_to_end(&mut deflated)
        .expect("deflate");
    let router = Router::new()
        .route(
            "/gzip",
            on_get(move || async move { ([("content-encoding", "gzip")], zipped) }),
        )
        .route(
            "/deflate",
            on_get(move || async move { ([("content-encoding", "deflate")], deflated) }),
        )
        .route(
            "/broken",
            on_get(|| async { ([("content-encoding", "gzip")], "no gzip") }),
        );
    let address = serve(router).await;
    for path in ["gzip", "deflate"] {
        let url = format!("http://{address}/{path}");
        let answer = outbound().send(get(&url)).await.expect("an answer");
        assert_eq!(answer.body, plain, "{path}");
        let bomb = OutgoingRequest {
            answer_bytes_max: 99_999,
            ..get(&url)
        };
        let error = outbound().send(bomb).await.expect_err("too large");
        assert_eq!(error.kind, HttpErrorKind::TooLarge, "{path}");
    }
    let error = outbound()
        .send(get(&format!("http://{address}/broken")))
        .await
        .expect_err("broken");
    assert_eq!(error.kind, HttpErrorKind::Interrupted);
}

#[tokio::test]
async fn connections_are_kept_and_used_again() {
    let (address, connections) = serve_kept(1).await;
    let outbound = outbound();
    for n in 0..5 {
        let answer = outbound
            .send(get(&format!("http://{address}/")))
            .await
            .expect("an answer");
        assert_eq!(
            answer.timings.connect_ms.is_some(),
            n == 0,
            "only the first one connects"
        );
        assert!(answer.timings.answer_ms.is_some());
        assert_eq!(answer.certificate, None);
    }
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn as_many_calls_as_jobs_run_at_once_use_the_same_connections_again() {
    const AT_ONCE: usize = 400;
    let (address, connections) = serve_kept(AT_ONCE).await;
    let outbound = Arc::new(outbound());
    let url = format!("http://{address}/");
    for wave in 1..=3 {
        let mut calls = JoinSet::new();
        for _ in 0..AT_ONCE {
            let (outbound, request) = (Arc::clone(&outbound), get(&url));
            calls.spawn(async move { outbound.send(request).await });
        }
        for answer in calls.join_all().await {
            answer.expect("an answer");
        }
        let made = connections.load(Ordering::SeqCst);
        // One that is just being put back is not there for the first calls of a wave.
        assert!(
            (AT_ONCE..AT_ONCE * 3 / 2).contains(&made),
            "{made} connections after wave {wave} of {AT_ONCE} calls"
        );
    }
}

#[tokio::test]
async fn a_kept_connection_that_the_server_closed_is_replaced() {
    let (address, connections) =
        serve_bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
    let outbound = outbound();
    for _ in 0..3 {
        let request = OutgoingRequest {
            method: http::Method::POST,
            body: Bytes::from_static(b"{}"),
            ..get(&format!("http://{address}/"))
        };
        let answer = outbound.send(request).await.expect("an answer");
        assert_eq!(answer.body, "ok");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(connections.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn name_and_password_of_a_url_go_as_a_header_and_nowhere_else() {
    let address = serve(Router::new().fallback(any(echo))).await;
    let url = format!("http://shop:p%40ss@{address}/a#fragment");
    let answer = outbound().send(get(&url)).await.expect("an answer");
    let body = String::from_utf8_lossy(&answer.body);
    assert!(
        body.contains("authorization: Basic c2hvcDpwQHNz\n"),
        "{body}"
    );
    assert!(
        body.contains(&format!("host: {address}\n")) && body.starts_with("GET /a\n"),
        "{body}"
    );
    let headers = vec![("Authorization".into(), "Bearer own".into())];
    let own = OutgoingRequest {
        headers,
        ..get(&url)
    };
    let answer = outbound().send(own).await.expect("an answer");
    assert!(String::from_utf8_lossy(&answer.body).contains("authorization: Bearer own\n"));
}

#[tokio::test]
async fn nobody_at_the_port_is_a_failure_to_connect() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = listener.local_addr().expect("its address");
    drop(listener);
    let url = format!("http://{address}/?token=s3cret");
    let error = outbound().send(get(&url)).await.expect_err("no connection");
    assert_eq!(error.timings, Timings::default(), "nothing was sent");
    assert_eq!(error.kind, HttpErrorKind::Connect);
    assert_eq!(
        error.message,
        format!(
            "`{address}` refused the connection; check that the server runs and that the port is right"
        )
    );
}

#[tokio::test]
async fn only_http_and_https_are_called() {
    for url in [
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:70/",
        "data:,a",
    ] {
        let error = outbound().send(get(url)).await.expect_err("refused");
        assert_eq!(error.kind, HttpErrorKind::Invalid, "{url}");
    }
}
