//! The load: connections that each send a prepared request, read the whole answer, and send again.
//!
//! Written on bare sockets, so that it costs little beside what it measures.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Error;

/// A request, ready to be sent over and over.
pub struct Load {
    address: SocketAddr,
    bytes: Arc<Vec<u8>>,
}

impl Load {
    /// A POST of a JSON body.
    pub fn new(address: SocketAddr, path: &str, body: &str) -> Self {
        let bytes = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        Self {
            address,
            bytes: Arc::new(bytes.into_bytes()),
        }
    }

    /// Connects so many times. Connecting is no part of what is measured.
    pub async fn connect(&self, connections: u32) -> Result<Senders, Error> {
        let mut sockets = Vec::new();
        for _ in 0..connections {
            let socket = TcpStream::connect(self.address).await?;
            socket.set_nodelay(true)?;
            sockets.push(socket);
        }
        Ok(Senders {
            sockets,
            request: Arc::clone(&self.bytes),
        })
    }
}

/// Connections that are open.
pub struct Senders {
    sockets: Vec<TcpStream>,
    request: Arc<Vec<u8>>,
}

impl Senders {
    /// Sends `requests` over all connections and waits for every answer; anything but 200 ends it.
    pub async fn run(&mut self, requests: u32) -> Result<(), Error> {
        let left = Arc::new(AtomicU32::new(requests));
        let mut senders = tokio::task::JoinSet::new();
        for socket in self.sockets.drain(..) {
            senders.spawn(send_all(
                socket,
                Arc::clone(&self.request),
                Arc::clone(&left),
            ));
        }
        while let Some(ended) = senders.join_next().await {
            self.sockets.push(ended.map_err(std::io::Error::other)??);
        }
        Ok(())
    }
}

async fn send_all(
    mut socket: TcpStream,
    request: Arc<Vec<u8>>,
    left: Arc<AtomicU32>,
) -> Result<TcpStream, Error> {
    let mut buffer = Vec::with_capacity(4096);
    while left
        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1))
        .is_ok()
    {
        socket.write_all(&request).await?;
        read_answer(&mut socket, &mut buffer).await?;
    }
    Ok(socket)
}

async fn read_answer(socket: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<(), Error> {
    buffer.clear();
    let head_end = loop {
        if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if socket.read_buf(buffer).await? == 0 {
            return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into());
        }
    };
    let head = String::from_utf8_lossy(&buffer[..head_end]).to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .and_then(|value| value.trim().parse::<usize>().ok())
        .unwrap_or(0);
    while buffer.len() < head_end + length {
        if socket.read_buf(buffer).await? == 0 {
            return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into());
        }
    }
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    if status == 200 {
        return Ok(());
    }
    Err(Error::Answer {
        status,
        body: String::from_utf8_lossy(&buffer[head_end..]).into_owned(),
    })
}
