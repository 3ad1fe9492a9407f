//! A client that hides nothing: bytes out, bytes in.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Longer than any answer takes, shorter than a patient person waits.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub(super) struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(known, _)| known == name);
        let value = found.next().map(|(_, value)| value.as_str());
        assert!(found.next().is_none(), "`{name}` came twice");
        value
    }

    /// Checks status, body and the headers that every answer has.
    #[track_caller]
    pub fn is(&self, status: u16, body: &str) -> &Self {
        assert_eq!((self.status, self.body.as_str()), (status, body));
        assert_eq!(self.header("content-type"), Some("application/json"));
        let id = self.header("x-request-id").expect("every answer has an id");
        assert!(id.starts_with("mqr_") && id.len() == 36, "{id}");
        self
    }
}

/// One request on a connection of its own.
pub(super) async fn exchange(address: SocketAddr, request: &[u8]) -> Reply {
    let mut socket = TcpStream::connect(address).await.expect("a connection");
    // The receiver may answer and close before it has read everything.
    let _ = socket.write_all(request).await;
    read_reply(&mut socket).await.expect("an answer")
}

/// The same for HEAD: what comes after the head is not the body, and nothing may come.
pub(super) async fn exchange_head(address: SocketAddr, request: &[u8]) -> Reply {
    let mut socket = TcpStream::connect(address).await.expect("a connection");
    let _ = socket.write_all(request).await;
    let _ = socket.shutdown().await;
    let mut answer = String::new();
    socket
        .read_to_string(&mut answer)
        .await
        .expect("an answer in ASCII");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let mut reply = parse_head(head);
    reply.body = body.to_owned();
    reply
}

/// The next answer on a connection; none if it was closed without one.
pub(super) async fn read_reply(socket: &mut TcpStream) -> Option<Reply> {
    tokio::time::timeout(PATIENCE, read(socket))
        .await
        .expect("an answer in time")
}

async fn read(socket: &mut TcpStream) -> Option<Reply> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match socket.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) if head.is_empty() => return None,
            Err(error) => panic!("{error} after {}", String::from_utf8_lossy(&head)),
        }
    }
    let head = String::from_utf8(head).expect("a head in ASCII");
    let mut reply = parse_head(&head);
    let body = match reply.header("transfer-encoding") {
        Some(_) => read_chunks(socket).await,
        None => {
            let length = reply.header("content-length").unwrap_or("0");
            read_bytes(socket, length.parse().expect("a length")).await
        }
    };
    reply.body = String::from_utf8(body).expect("a body in UTF-8");
    Some(reply)
}

/// A body that says its length piece by piece, to its end.
async fn read_chunks(socket: &mut TcpStream) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            line.push(socket.read_u8().await.expect("a size"));
        }
        let size = String::from_utf8(line).expect("a size in ASCII");
        let size = usize::from_str_radix(size.trim_end(), 16).expect("a size");
        let piece = read_bytes(socket, size + "\r\n".len()).await;
        body.extend(&piece[..size]);
        if size == 0 {
            return body;
        }
    }
}

async fn read_bytes(socket: &mut TcpStream, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    socket.read_exact(&mut bytes).await.expect("the whole body");
    bytes
}

fn parse_head(head: &str) -> Reply {
    let mut lines = head.trim_end().split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .expect("a status");
    let headers: Vec<(String, String)> = lines
        .map(|line| line.split_once(": ").expect("a header"))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    Reply {
        status: status.parse().expect("a number"),
        headers,
        body: String::new(),
    }
}
