//! The head of a connection's first request, gathered before HTTP has buffers for it. A connection that says nothing, or
//! very slowly, costs what it said and little more; with HTTP's own buffers each of them would cost some 24 KiB.

use std::io;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::net::TcpStream;

/// Room for the heads, and the small bodies, of most senders.
const ROOM_BYTES: usize = 1_024;

/// Reads until the head is whole. What cannot be a head, or is too long for one, goes on as it is too: HTTP has the answer
/// to it. None if nothing came, or not all of it in time.
pub(crate) async fn gather(
    socket: &TcpStream,
    within: Duration,
    bytes_max: usize,
) -> Option<Bytes> {
    let head = tokio::time::timeout(within, read(socket, bytes_max)).await;
    let head = head.ok()?.ok()?;
    (!head.is_empty()).then(|| head.freeze())
}

async fn read(socket: &TcpStream, bytes_max: usize) -> io::Result<BytesMut> {
    let mut head = BytesMut::new();
    loop {
        socket.readable().await?;
        if head.len() == head.capacity() {
            head.reserve(head.len().max(ROOM_BYTES));
        }
        let looked_at = head.len();
        match socket.try_read_buf(&mut head) {
            // Whoever has said everything may still want an answer.
            Ok(0) => return Ok(head),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
            Err(error) => return Err(error),
        }
        let is_no_head = looked_at == 0 && !may_be_a_head(&head);
        if is_no_head || has_end(&head, looked_at) || head.len() >= bytes_max {
            return Ok(head);
        }
    }
}

/// Whether an empty line ends it. Only what came now is looked at, with the end of what was there.
fn has_end(head: &[u8], looked_at: usize) -> bool {
    let new = &head[looked_at.saturating_sub(2)..];
    new.windows(2).any(|pair| pair == b"\n\n") || new.windows(3).any(|three| three == b"\n\r\n")
}

/// A method begins it. Somebody who speaks TLS, say, is told at once that this is the wrong door.
fn may_be_a_head(begun: &[u8]) -> bool {
    let method = begun.split(|byte| *byte == b' ').next();
    method.unwrap_or(begun).iter().all(u8::is_ascii_graphic)
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt as _;
    use tokio::net::TcpListener;

    use super::*;

    const MAX: usize = 8 * 1_024;

    /// What is gathered from somebody who writes these pieces one after the other, and stays or leaves.
    async fn gathered(pieces: &[&[u8]], leaves: bool) -> Option<Bytes> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let mut sender = TcpStream::connect(address).await.expect("a connection");
        let (socket, _) = listener.accept().await.expect("a connection");
        sender.set_nodelay(true).expect("a socket");
        let writing = async {
            for piece in pieces {
                sender.write_all(piece).await.expect("room");
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            if leaves {
                sender.shutdown().await.expect("open until now");
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            head = gather(&socket, Duration::from_millis(300), MAX) => head,
            () = writing => None,
        }
    }

    #[tokio::test]
    async fn a_head_goes_on_when_it_is_whole_with_what_came_along() {
        let whole: &[u8] = b"POST / HTTP/1.1\r\nhost: a\r\n\r\nbody";
        assert_eq!(gathered(&[whole], false).await.as_deref(), Some(whole));
        for cut in 1..whole.len() - 4 {
            let (first, second) = whole.split_at(cut);
            let head = gathered(&[first, second], false).await;
            assert_eq!(head.as_deref(), Some(whole), "cut at {cut}");
        }
        let bare: &[u8] = b"GET / HTTP/1.1\n\n";
        assert_eq!(gathered(&[bare], false).await.as_deref(), Some(bare));
    }

    #[tokio::test]
    async fn what_is_no_head_too_long_or_all_there_is_goes_on_at_once() {
        let hello: &[u8] = b"\x16\x03\x01\x02\x00";
        assert_eq!(gathered(&[hello], false).await.as_deref(), Some(hello));
        let endless = [b"GET / HTTP/1.1\r\nx: ".as_slice(), &[b'a'; 2 * MAX]].concat();
        let head = gathered(&[&endless], false).await.expect("what came");
        assert!(
            (MAX..=endless.len()).contains(&head.len()),
            "{}",
            head.len()
        );
        let half: &[u8] = b"GET / HT";
        assert_eq!(gathered(&[half], true).await.as_deref(), Some(half));
    }

    #[tokio::test]
    async fn who_says_nothing_or_not_enough_in_time_is_given_up() {
        assert_eq!(gathered(&[], false).await, None);
        assert_eq!(gathered(&[], true).await, None);
        assert_eq!(gathered(&[b"GET / HTTP/1.1\r\n"], false).await, None);
    }
}
