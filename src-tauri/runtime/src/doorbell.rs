//! One window for one data folder: who starts the app again rings at the one that is there, and ends. A door in the
//! loopback network, because every system has that; the file that says where it is, and the token to show, are for
//! their owner alone. Opens and shows nothing itself.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use hookloom_api::TokenHash;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::folder::DataFolder;
use crate::private_file;

/// What somebody says at the door is at most this long.
const RING_BYTES_MAX: u64 = 8 * 1024;
/// Who has not said it by then, or got no answer, goes away.
const RING_MS_MAX: u64 = 3_000;
/// So many may wait until the window has time for them.
const WAITING_MAX: usize = 16;
const HEARD: &str = "heard\n";

/// What a second start wants of the window that is there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ring {
    /// The page to show; whoever hears it checks it.
    pub page: Option<String>,
    /// Why something that was asked for is not done, for the person.
    pub refused: Option<String>,
    /// What the desktop gave the second start, so that the window may come to the front.
    pub startup_id: Option<String>,
}

/// Where the door is, and what to show there.
#[derive(Serialize, Deserialize)]
struct Door {
    address: SocketAddr,
    token: String,
}

#[derive(Serialize, Deserialize)]
struct Said {
    token: String,
    ring: Ring,
}

/// The door of a window. Dropping it takes it away.
#[derive(Debug)]
pub struct Doorbell {
    record: PathBuf,
    listening: JoinHandle<()>,
}

impl Doorbell {
    /// Begins to listen, for the owner of a folder; gives what is rung.
    ///
    /// # Errors
    /// The loopback network cannot be listened on, or the folder not be written in.
    pub async fn hang(folder: &DataFolder) -> io::Result<(Self, mpsc::Receiver<Ring>)> {
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let token = hookloom_api::new_token().map_err(io::Error::other)?;
        let token = token.expose().clone();
        let door = Door {
            address: socket.local_addr()?,
            token: token.clone(),
        };
        let record = folder.door();
        private_file::replace(&record, &serde_json::to_string(&door)?)?;
        let (heard, rings) = mpsc::channel(WAITING_MAX);
        let listening = tokio::spawn(listen(socket, token, heard));
        Ok((Self { record, listening }, rings))
    }
}

impl Drop for Doorbell {
    fn drop(&mut self) {
        self.listening.abort();
        private_file::remove(&self.record);
    }
}

/// Rings at the window of a folder. False: there is none, or it does not answer.
pub async fn ring(folder: &DataFolder, ring: &Ring) -> bool {
    let said = async {
        let door: Door = serde_json::from_slice(&fs::read(folder.door()).ok()?).ok()?;
        let said = Said {
            token: door.token,
            ring: ring.clone(),
        };
        let mut line = serde_json::to_string(&said).ok()?;
        line.push('\n');
        let mut socket = TcpStream::connect(door.address).await.ok()?;
        socket.write_all(line.as_bytes()).await.ok()?;
        let mut answer = String::new();
        let bound = u64::try_from(HEARD.len()).ok()?;
        socket.take(bound).read_to_string(&mut answer).await.ok()?;
        (answer == HEARD).then_some(())
    };
    let patience = Duration::from_millis(RING_MS_MAX);
    matches!(tokio::time::timeout(patience, said).await, Ok(Some(())))
}

async fn listen(socket: TcpListener, token: String, heard: mpsc::Sender<Ring>) {
    loop {
        let Ok((visitor, _)) = socket.accept().await else {
            // Out of files for a moment: the door must not spin.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        // One after the other: nobody has a reason to come in crowds.
        let patience = Duration::from_millis(RING_MS_MAX);
        let answered = tokio::time::timeout(patience, answer(visitor, &token, &heard)).await;
        if !matches!(answered, Ok(Some(()))) {
            tracing::debug!("somebody at the window's door was not let in");
        }
    }
}

async fn answer(mut visitor: TcpStream, token: &str, heard: &mpsc::Sender<Ring>) -> Option<()> {
    let (from, mut to) = visitor.split();
    let mut line = String::new();
    let mut from = BufReader::new(from.take(RING_BYTES_MAX));
    from.read_line(&mut line).await.ok()?;
    let said: Said = serde_json::from_str(&line).ok()?;
    if !TokenHash::of(&said.token).is(&TokenHash::of(token)) {
        return None;
    }
    heard.try_send(said.ring).ok()?;
    to.write_all(HEARD.as_bytes()).await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, DataFolder) {
        let parent = tempfile::tempdir().expect("a temporary folder");
        let folder = DataFolder::resolve(Some(parent.path().join("data"))).expect("a path");
        folder.create().expect("made");
        (parent, folder)
    }

    fn wish(page: &str) -> Ring {
        Ring {
            page: Some(page.to_owned()),
            ..Ring::default()
        }
    }

    #[tokio::test]
    async fn who_rings_is_heard_at_the_door_of_its_folder_alone() {
        let (_one, first) = folder();
        let (_two, second) = folder();
        assert!(!ring(&first, &wish("/jobs")).await, "nobody is there yet");
        let (bell, mut rings) = Doorbell::hang(&first).await.expect("it hangs");
        assert!(ring(&first, &wish("/jobs")).await);
        assert_eq!(rings.recv().await, Some(wish("/jobs")));
        assert!(!ring(&second, &wish("/jobs")).await);
        drop(bell);
        assert!(
            !ring(&first, &wish("/jobs")).await,
            "nobody is there any more"
        );
        assert!(!first.door().exists());
    }

    #[tokio::test]
    async fn a_stranger_at_the_door_is_not_heard() {
        let (_parent, folder) = folder();
        let (_bell, mut rings) = Doorbell::hang(&folder).await.expect("it hangs");
        let text = fs::read(folder.door()).expect("there");
        let door: Door = serde_json::from_slice(&text).expect("a door");
        let long = "x".repeat(20_000);
        for said in [
            "\n",
            "GET / HTTP/1.1\r\n\r\n",
            "{\"token\":\"\",\"ring\":{}}\n",
            "{\"token\":\"wrong\",\"ring\":{\"page\":\"/jobs\"}}\n",
            &long,
        ] {
            let mut socket = TcpStream::connect(door.address).await.expect("open");
            socket.write_all(said.as_bytes()).await.expect("said");
            let mut answer = String::new();
            // A visitor who is cut off may see it as an error.
            drop(socket.read_to_string(&mut answer).await);
            assert_eq!(answer, "", "{said:.40}");
        }
        assert!(ring(&folder, &wish("/")).await, "the door is still there");
        assert_eq!(rings.recv().await, Some(wish("/")));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn the_token_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let (_parent, folder) = folder();
        let (_bell, _rings) = Doorbell::hang(&folder).await.expect("it hangs");
        let mode = fs::metadata(folder.door()).expect("there").permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
    }
}
