//! Closing politely: what a sender is still sending is read and thrown away for a moment.
//!
//! A refused request's body is not read. If the socket were closed on it, the kernel would answer the rest with
//! a reset, and the sender might lose our answer before it reads it.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

/// How long is read at most.
const LINGER_MS_MAX: u64 = 1_000;
/// How much is read at most.
const LINGER_BYTES_MAX: usize = 1024 * 1024;

/// A socket that reads what is left before it closes.
pub(crate) struct Lingering {
    socket: TcpStream,
    closing: Option<Closing>,
}

struct Closing {
    until: Pin<Box<Sleep>>,
    bytes_left: usize,
}

impl Lingering {
    pub fn new(socket: TcpStream) -> Self {
        Self {
            socket,
            closing: None,
        }
    }
}

impl AsyncRead for Lingering {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_read(context, buffer)
    }
}

impl AsyncWrite for Lingering {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.closing.is_none() {
            ready!(Pin::new(&mut this.socket).poll_shutdown(context))?;
        }
        let closing = this.closing.get_or_insert_with(|| Closing {
            until: Box::pin(sleep(Duration::from_millis(LINGER_MS_MAX))),
            bytes_left: LINGER_BYTES_MAX,
        });
        let mut thrown_away = [0; 8 * 1024];
        while closing.bytes_left > 0 && closing.until.as_mut().poll(context).is_pending() {
            let mut buffer = ReadBuf::new(&mut thrown_away);
            match ready!(Pin::new(&mut this.socket).poll_read(context, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => {
                    closing.bytes_left = closing.bytes_left.saturating_sub(buffer.filled().len());
                }
                // The sender has closed too, or is gone: nothing can be lost any more.
                _ => break,
            }
        }
        Poll::Ready(Ok(()))
    }
}
