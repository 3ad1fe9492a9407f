//! Closing politely: what a sender is still sending is read and thrown away for a moment. And noticing a sender that
//! is gone, or that does not read its answers.
//!
//! A refused request's body is not read. If the socket were closed on it, the kernel would answer the rest with
//! a reset, and the sender might lose our answer before it reads it.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt as _;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::Notify;
use tokio::time::{Instant, Sleep, sleep};

/// How long is read at most.
const LINGER_MS_MAX: u64 = 1_000;
/// How much is read at most.
const LINGER_BYTES_MAX: usize = 1024 * 1024;
/// How often a connection is looked at that hyper does not read: while a request is answered.
const LOOK_EVERY_MS: u64 = 1_000;

/// A socket that reads what is left before it closes.
pub(crate) struct Lingering {
    /// What was read already.
    begun: Bytes,
    /// Shared with the [`Peer`] that watches it.
    reading: Arc<OwnedReadHalf>,
    writing: OwnedWriteHalf,
    pace: ReadingPace,
    /// Since the other side stopped taking what we write.
    stalled: Option<Stalled>,
    untaken: Arc<Untaken>,
    closing: Option<Closing>,
}

/// How slowly a sender may read its answers.
#[derive(Clone, Copy)]
pub(crate) struct ReadingPace {
    pub idle_ms_max: u64,
    pub bytes_per_second_min: u64,
}

/// A write that the other side has no room for. It has until then to take some of it; what it takes gives it more time.
struct Stalled {
    until: Pin<Box<Sleep>>,
}

/// The other side of a connection.
pub(crate) struct Peer {
    reading: Arc<OwnedReadHalf>,
    untaken: Arc<Untaken>,
}

/// Whether an answer waits for the other side to take it.
#[derive(Default)]
struct Untaken {
    is_some: AtomicBool,
    taken: Notify,
}

struct Closing {
    until: Pin<Box<Sleep>>,
    bytes_left: usize,
}

impl Lingering {
    pub fn new(socket: TcpStream, begun: Bytes, pace: ReadingPace) -> (Self, Peer) {
        let (reading, writing) = socket.into_split();
        let reading = Arc::new(reading);
        let untaken = Arc::<Untaken>::default();
        let peer = Peer {
            reading: Arc::clone(&reading),
            untaken: Arc::clone(&untaken),
        };
        let lingering = Self {
            begun,
            reading,
            writing,
            pace,
            stalled: None,
            untaken,
            closing: None,
        };
        (lingering, peer)
    }

    /// A write that waits is given up when it has waited too long.
    fn paced(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        let pace = self.pace;
        match (&written, &mut self.stalled) {
            (Poll::Ready(Ok(bytes)), Some(stalled)) => stalled.took(*bytes, pace),
            (Poll::Ready(_), _) => {}
            (Poll::Pending, stalled) => {
                self.untaken.is_some.store(true, Ordering::Release);
                let stalled = stalled.get_or_insert_with(|| Stalled::now(pace));
                if stalled.until.as_mut().poll(context).is_ready() {
                    return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
                }
            }
        }
        written
    }
}

impl Stalled {
    fn now(pace: ReadingPace) -> Self {
        Self {
            until: Box::pin(sleep(Duration::from_millis(pace.idle_ms_max))),
        }
    }

    fn took(&mut self, bytes: usize, pace: ReadingPace) {
        let earned_ms = 1_000 * bytes as u64 / pace.bytes_per_second_min.max(1);
        let latest = Instant::now() + Duration::from_millis(pace.idle_ms_max);
        let until = self.until.deadline() + Duration::from_millis(earned_ms);
        self.until.as_mut().reset(until.min(latest));
    }
}

impl Peer {
    /// Returns once what was answered before is taken. A request that came in the same piece waits for this, or the
    /// answers to a sender that asks and never reads would be gathered here.
    pub async fn has_taken_all(&self) {
        loop {
            let taken = self.untaken.taken.notified();
            if !self.untaken.is_some.load(Ordering::Acquire) {
                return;
            }
            taken.await;
        }
    }

    /// Returns once the other side has closed the connection. One that closed only its own direction looks the same
    /// and may still want its answer: it has this much time for it. A reset connection is gone at once.
    ///
    /// A look now and then, and not a wait for the event: that would wake the connection for every piece that comes.
    pub async fn is_gone(&self, half_closed_ms_max: u64) {
        let look_every = Duration::from_millis(LOOK_EVERY_MS.min(half_closed_ms_max));
        let mut left_ms = half_closed_ms_max;
        loop {
            sleep(look_every).await;
            match self
                .reading
                .ready(Interest::READABLE | Interest::WRITABLE)
                .now_or_never()
            {
                Some(Ok(ready)) if ready.is_write_closed() => return,
                Some(Ok(ready)) if ready.is_read_closed() => {
                    if left_ms == 0 {
                        return;
                    }
                    left_ms = left_ms.saturating_sub(LOOK_EVERY_MS);
                }
                Some(Err(_)) => return,
                Some(Ok(_)) | None => {}
            }
        }
    }
}

impl AsyncRead for Lingering {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.begun.is_empty() {
            let some = self.begun.len().min(buffer.remaining());
            buffer.put_slice(&self.begun.split_to(some));
            if self.begun.is_empty() {
                // Its memory is given back.
                self.begun = Bytes::new();
            }
            return Poll::Ready(Ok(()));
        }
        read_into(&self.reading, context, buffer)
    }
}

impl AsyncWrite for Lingering {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.writing).poll_write(context, bytes);
        self.paced(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.writing).poll_write_vectored(context, parts);
        self.paced(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.writing.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Asked for once everything is written.
        self.stalled = None;
        if self.untaken.is_some.swap(false, Ordering::AcqRel) {
            self.untaken.taken.notify_waiters();
        }
        Pin::new(&mut self.writing).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.closing.is_none() {
            ready!(Pin::new(&mut this.writing).poll_shutdown(context))?;
        }
        let closing = this.closing.get_or_insert_with(|| Closing {
            until: Box::pin(sleep(Duration::from_millis(LINGER_MS_MAX))),
            bytes_left: LINGER_BYTES_MAX,
        });
        let mut thrown_away = [0; 8 * 1024];
        while closing.bytes_left > 0 && closing.until.as_mut().poll(context).is_pending() {
            let mut buffer = ReadBuf::new(&mut thrown_away);
            match ready!(read_into(&this.reading, context, &mut buffer)) {
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

/// What the half does by itself when nobody else has it.
fn read_into(
    socket: &OwnedReadHalf,
    context: &mut Context<'_>,
    buffer: &mut ReadBuf<'_>,
) -> Poll<io::Result<()>> {
    let socket: &TcpStream = socket.as_ref();
    loop {
        ready!(socket.poll_read_ready(context))?;
        match socket.try_read_buf(buffer) {
            Ok(_) => return Poll::Ready(Ok(())),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Poll::Ready(Err(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn the_next_request_waits_until_the_answer_before_it_is_taken() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let mut sender = TcpStream::connect(address).await.expect("a connection");
        let (socket, _) = listener.accept().await.expect("accepted");
        let pace = ReadingPace {
            idle_ms_max: 10_000,
            bytes_per_second_min: 1,
        };
        let (mut ours, peer) = Lingering::new(socket, Bytes::new(), pace);
        let has_taken_all = |peer: &Peer| peer.has_taken_all().now_or_never().is_some();
        assert!(has_taken_all(&peer), "nothing was answered yet");
        // More than fits into what lies between both ends.
        let answer = vec![b'x'; 32 * 1024 * 1024];
        let bytes = answer.len();
        let writing = tokio::spawn(async move {
            // Piece by piece: Windows takes a single write whole, however long, as soon as there is any room.
            for piece in answer.chunks(64 * 1024) {
                ours.write_all(piece).await?;
            }
            ours.flush().await
        });
        while has_taken_all(&peer) {
            tokio::task::yield_now().await;
        }
        let waiting = tokio::spawn(async move { peer.has_taken_all().await });
        let mut taken = vec![0; bytes];
        sender.read_exact(&mut taken).await.expect("all of it");
        waiting.await.expect("it goes on");
        writing.await.expect("no panic").expect("all was written");
    }
}
