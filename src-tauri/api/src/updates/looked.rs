//! Asking, with what the workspace remembers: the newest manifest of each key, and what the last look found.
//!
//! Both lie among the settings in the database, so a backup that is put back brings the older ones: the version that is
//! installed is what nothing goes below even then.

use hookloom_store::Tag;
use hookloom_update::{Manifest, Seen, Source, TrustedKey, look};
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::shape::UpdatesFrom;
use crate::error::{Error, ErrorCode};
use crate::identity::Caller;
use crate::network;
use crate::state::ApiState;

/// The settings' names in the database.
pub(crate) const DAILY: &str = "updates_daily";
const FOUND: &str = "updates_found";
const SEEN: &str = "updates_seen";

/// What the last look at this program's own source found.
#[derive(Serialize, Deserialize)]
struct Found {
    at_ms: i64,
    /// Who was asked: what another source told is none of this one's.
    url: String,
    key: String,
    /// The manifest as text, whose signature was checked.
    manifest: String,
}

/// Asks for the newest release, where the caller says or where this program does.
pub(super) async fn looked(
    state: &ApiState,
    from: Option<UpdatesFrom>,
    caller: &Caller,
) -> Result<(Source, Manifest), Error> {
    let own = state.releases.source.as_ref();
    match from {
        None => {
            let source = own.ok_or_else(asks_nobody)?.clone();
            let manifest = looked_at_own(state, &source).await?;
            Ok((source, manifest))
        }
        Some(from) => {
            let source = chosen(from, own, caller)?;
            let manifest = believed(state, &source).await?;
            Ok((source, manifest))
        }
    }
}

/// Asks where this program was built or started to ask, and keeps what came of it.
pub(super) async fn looked_at_own(state: &ApiState, source: &Source) -> Result<Manifest, Error> {
    let looked = believed(state, source).await;
    let at_ms = state.clock.now_ms();
    match looked {
        Ok(manifest) => {
            *state.releases.failure.lock() = None;
            let found = Found {
                at_ms,
                url: source.url().to_string(),
                key: source.key().text().to_owned(),
                manifest: manifest.text(),
            };
            let text = serde_json::to_string(&found).map_err(Error::internal)?;
            // The sign that points to a newer one is on every page.
            let put = state.store.put_shown_setting(FOUND, &text, Tag::Updates);
            put.await?;
            Ok(manifest)
        }
        Err(Refused::Update(error)) => {
            *state.releases.failure.lock() = Some((at_ms, error.clone()));
            Err(error.into())
        }
        Err(Refused::Api(error)) => Err(error),
    }
}

/// What the last look at this program's own source found, and when.
pub(super) async fn found(state: &ApiState) -> Result<Option<(Manifest, i64)>, Error> {
    let Some(source) = &state.releases.source else {
        return Ok(None);
    };
    let kept: Option<Found> = network::read(&state.store, FOUND).await?;
    let of_this = |it: &Found| it.url == source.url().as_str() && it.key == source.key().text();
    let read = kept.filter(of_this).and_then(|it| {
        let manifest = Manifest::parse(it.manifest.as_bytes()).ok()?;
        Some((manifest, it.at_ms))
    });
    Ok(read)
}

/// Who refused it.
enum Refused {
    Update(hookloom_update::Error),
    Api(Error),
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Update(error) => error.into(),
            Refused::Api(error) => error,
        }
    }
}

/// A manifest that may be believed: signed, and no older than one that was seen of the same key.
async fn believed(state: &ApiState, source: &Source) -> Result<Manifest, Refused> {
    let _alone = state.releases.asking.lock().await;
    let name = seen_of(source.key());
    let seen = network::read(&state.store, &name).await;
    let seen: Option<i64> = seen.map_err(Refused::Api)?;
    let known = seen.map(|released_at_ms| Seen { released_at_ms });
    let looked = look(&*state.http, source, known).await;
    let manifest = looked.map_err(Refused::Update)?;
    if seen.is_none_or(|seen| manifest.released_at_ms > seen) {
        let put = put(state, &name, &manifest.released_at_ms).await;
        put.map_err(Refused::Api)?;
    }
    Ok(manifest)
}

/// By key, so that a key that somebody tries once takes no part in what another one told.
fn seen_of(key: &TrustedKey) -> String {
    format!("{SEEN}/{}", key.text())
}

async fn put(state: &ApiState, name: &str, value: &impl Serialize) -> Result<(), Error> {
    let text = serde_json::to_string(value).map_err(Error::internal)?;
    Ok(state.store.put_setting(name, &text).await?)
}

/// Another place for one call.
fn chosen(from: UpdatesFrom, own: Option<&Source>, caller: &Caller) -> Result<Source, Error> {
    only_the_owner(caller)?;
    let UpdatesFrom { url, key } = from;
    let missing = |what: &str| {
        Error::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            ErrorCode::UpdateSourceInvalid,
            format!("The {what} is missing, and this build has none of its own."),
        )
        .hint("Name both: the manifest's URL, and the public key of whoever signs it.")
    };
    Ok(match (url, key, own) {
        (Some(url), Some(key), _) => Source::parse(&url, &key)?,
        (Some(url), None, Some(own)) => own.mirrored(&url)?,
        (None, Some(key), Some(own)) => Source::parse(own.url().as_str(), &key)?,
        (None, None, Some(own)) => own.clone(),
        (Some(_), None, None) => return Err(missing("key")),
        (None, _, None) => return Err(missing("address")),
    })
}

/// Whose signature is believed, and which folder is written to, is no business of programs that show a token.
pub(super) fn only_the_owner(caller: &Caller) -> Result<(), Error> {
    if caller.is_owner() {
        return Ok(());
    }
    let message = "Only the owner may say where updates come from, whose signature is believed and where they lie.";
    Err(
        Error::new(StatusCode::FORBIDDEN, ErrorCode::Forbidden, message)
            .hint("Use the command line on the computer itself, or leave this out."),
    )
}

fn asks_nobody() -> Error {
    let message = "This build looks for no updates: whoever built it gave it no address to ask and no key to trust.";
    Error::new(StatusCode::CONFLICT, ErrorCode::UpdateNotConfigured, message).hint(
        "Look for newer versions where this one came from. If you know a manifest and its key: `hookloom update check --from URL --key KEY`.",
    )
}
