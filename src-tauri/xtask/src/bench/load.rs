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

    /// Sends `requests` over `connections` and waits for every answer; anything but 200 ends it.
    pub async fn run(&self, connections: u32, requests: u32) -> Result<(), Error> {
        let left = Arc::new(AtomicU32::new(requests));
        let mut senders = tokio::task::JoinSet::new();
        for _ in 0..connections {
            senders.spawn(send_all(
                self.address,
                Arc::clone(&self.bytes),
                Arc::clone(&left),
            ));
        }
        while let Some(ended) = senders.join_next().await {
            ended.map_err(std::io::Error::other)??;
        }
        Ok(())
    }
}

async fn send_all(
    address: SocketAddr,
    request: Arc<Vec<u8>>,
    left: Arc<AtomicU32>,
) -> Result<(), Error> {
    let mut socket = TcpStream::connect(address).await?;
    socket.set_nodelay(true)?;
    let mut buffer = Vec::with_capacity(4096);
    while left
        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1))
        .is_ok()
    {
        socket.write_all(&request).await?;
        read_answer(&mut socket, &mut buffer).await?;
    }
    Ok(())
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
