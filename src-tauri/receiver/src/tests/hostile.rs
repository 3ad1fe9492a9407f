//! Whatever is sent, the receiver answers or closes, and the key is stored nowhere.

use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::started::{KEY, Started, post};

/// Sends the requests one after the other and gives what the receiver stored, as text.
fn stored_after(requests: Vec<Vec<u8>>) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(async {
        let started = Started::new().await;
        for request in requests {
            let mut socket = TcpStream::connect(started.address)
                .await
                .expect("a connection");
            let _ = socket.write_all(&request).await;
            let _ = socket.shutdown().await;
            let mut reply = Vec::new();
            let _ = socket.read_to_end(&mut reply).await;
        }
        assert_eq!(started.post("{}").await.status, 200, "it still works");
        let records: Vec<_> = started.inbox.rejected.lock().clone();
        assert!(
            records
                .iter()
                .all(|r| r.reason.as_ref().is_none_or(|r| r.code != "internal"))
        );
        let arrivals = started.inbox.arrivals.lock();
        let bodies: Vec<_> = arrivals
            .iter()
            .filter_map(|arrival| arrival.record.as_ref())
            .chain(&records)
            .map(|record| String::from_utf8_lossy(&record.body).into_owned())
            .collect();
        format!("{records:?} {arrivals:?} {bodies:?}")
    })
}

/// Bytes of a header value or a request target, hostile ones among them.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let any = prop::collection::vec(any::<u8>(), 0..40);
    let visible = prop::collection::vec(0x21_u8..0x7f, 0..40);
    let parts = prop::collection::vec(
        prop::sample::select(vec![
            KEY, "key=", "&", "?", "%", "%6b", "%00", "=", "/", "..", "+", "ü", "\t",
        ]),
        0..8,
    )
    .prop_map(|parts| parts.concat().into_bytes());
    prop_oneof![any, visible, parts]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic_and_never_store_the_key(
        query in bytes(), path in bytes(), name in bytes(), value in bytes(), body in bytes(), raw in bytes(),
    ) {
        let (key, path) = (format!("?key={KEY}&").into_bytes(), [b"/".as_slice(), &path].concat());
        let key_last = [b"?".as_slice(), &query, b"&key=", KEY.as_bytes()].concat();
        let request = |target: &[u8], headers: &[&[u8]], body: &[u8]| {
            let line = [b"POST /api/webhook/local/intake".as_slice(), target, b" HTTP/1.1\r\nhost: a\r\n"];
            let length = format!("content-length: {}\r\n\r\n", body.len());
            [&line.concat(), &headers.concat(), length.as_bytes(), body].concat()
        };
        let requests = vec![
            request(&[&key, query.as_slice()].concat(), &[b"x-a: ", &value, b"\r\n"], &body),
            request(&key_last, &[], &body),
            request(&path, &[], b""),
            request(&key, &[&name, b": ", &value, b"\r\n"], &body),
            request(&key, &[b"authorization: ", &value, b"\r\ncontent-type: ", &name, b"\r\n"], &body),
            raw,
        ];
        let stored = stored_after(requests);
        prop_assert!(!stored.contains(KEY), "{stored}");
    }
}

#[test]
fn hostile_framing_is_refused() {
    let twice = post(KEY, "content-length: 3\r\n", "{}");
    let both = post(KEY, "transfer-encoding: chunked\r\n", "{}");
    let folded = post(KEY, "x-a: 1\r\n 2\r\n", "{}");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(async {
        let started = Started::new().await;
        for request in [twice, both, folded] {
            // The connection ends with a refusal, or without a word where it cannot be told who is asking.
            let mut socket = TcpStream::connect(started.address)
                .await
                .expect("a connection");
            socket.write_all(request.as_bytes()).await.expect("sent");
            let mut reply = Vec::new();
            let _ = socket.read_to_end(&mut reply).await;
            assert!(
                reply.is_empty() || reply.starts_with(b"HTTP/1.1 400"),
                "{request}"
            );
        }
        assert!(started.inbox.arrivals.lock().is_empty());
    });
}
