//! What shows an endpoint who we are, made with its own secret: the other side of what `receiver` checks.
//!
//! What cannot be made is said: an address cannot be chosen, and a public key signs nothing.

use std::net::IpAddr;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use hookloom_engine::ports::Secrets;
use hookloom_model::document::{Auth, JwtAlgorithm, JwtAuth, JwtKey, SignatureAuth};
use hookloom_sensitive::Sensitive;
use hookloom_signature::SignInput;
use http::StatusCode;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Map, Value};

use super::outgoing::Outgoing;
use crate::error::{Error, ErrorCode};

/// A token of ours is good for this long.
const TOKEN_S: i64 = 300;
/// Who we are in a token.
const SUBJECT: &str = "hookloom-test";

/// What credentials are made with.
#[derive(Clone, Copy)]
pub(super) struct Maker<'a> {
    pub secrets: &'a dyn Secrets,
    pub now_ms: i64,
    /// The id of the message, for schemes that sign one.
    pub id: &'a str,
    /// Where the receiver sees us from.
    pub from: IpAddr,
}

/// A credential that was made. Holds a secret: it has no `Debug`.
pub(super) enum Made<'a> {
    Header(String, Sensitive<String>),
    /// `?key=`
    Key(Arc<Sensitive<String>>),
    /// Made last, over everything else.
    Signature(&'a SignatureAuth, Arc<Sensitive<String>>),
}

/// Why a credential cannot be made, for a person.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct CannotMake(String);

impl From<CannotMake> for Error {
    fn from(error: CannotMake) -> Self {
        let message = format!("The request cannot be signed as the endpoint wants it: {error}.");
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            ErrorCode::CredentialNotMade,
            message,
        )
        .hint("Send it unsigned, with headers of your own.")
    }
}

impl Maker<'_> {
    /// Puts everything into a request that the endpoint asks for.
    pub async fn add(&self, auth: &Auth, request: &mut Outgoing) -> Result<(), CannotMake> {
        let mut signatures = Vec::new();
        for made in self.made(auth, request).await? {
            match made {
                Made::Header(name, value) => request.set_secret_header(&name, value.expose()),
                Made::Key(key) => request.set_key(key.expose()),
                Made::Signature(wanted, secret) => signatures.push((wanted, secret)),
            }
        }
        for (wanted, secret) in signatures {
            for (name, value) in self.signature(wanted, &secret, request)? {
                request.set_header(&name, &value);
            }
        }
        Ok(())
    }

    fn made<'a: 'r, 'r>(
        &'r self,
        auth: &'a Auth,
        request: &'r Outgoing,
    ) -> BoxFuture<'r, Result<Vec<Made<'a>>, CannotMake>> {
        async move {
            let one = match auth {
                Auth::None => return Ok(Vec::new()),
                Auth::SharedKey { secret, header, .. } => {
                    let value = self.read(secret).await?;
                    match header {
                        Some(header) => Made::Header(header.clone(), copy(&value)),
                        None => Made::Key(value),
                    }
                }
                Auth::ApiKey { secret, header, .. } => {
                    Made::Header(header.clone(), copy(&*self.read(secret).await?))
                }
                Auth::Bearer { secret, .. } => {
                    authorization(format!("Bearer {}", self.read(secret).await?.expose()))
                }
                Auth::Basic {
                    username, secret, ..
                } => {
                    let value = self.read(secret).await?;
                    let pair = Sensitive::new(format!("{username}:{}", value.expose()));
                    authorization(format!("Basic {}", STANDARD.encode(pair.expose())))
                }
                Auth::Jwt(wanted) => authorization(format!("Bearer {}", self.token(wanted).await?)),
                Auth::Signature(wanted) => {
                    let secret = self.read(&wanted.secret).await?;
                    // Whether it can be made at all is known before another way is passed by.
                    self.signature(wanted, &secret, request)?;
                    Made::Signature(wanted, secret)
                }
                Auth::Ip { ranges } => {
                    return match ranges.iter().any(|range| range.contains(&self.from)) {
                        true => Ok(Vec::new()),
                        false => Err(CannotMake(format!(
                            "it takes requests from certain addresses, and this computer's {} is none of them",
                            self.from
                        ))),
                    };
                }
                Auth::Any { of } => return self.first_of(of, request).await,
                Auth::All { of } => {
                    let mut every = Vec::new();
                    for way in of {
                        every.extend(self.made(way, request).await?);
                    }
                    return Ok(every);
                }
            };
            Ok(vec![one])
        }
        .boxed()
    }

    /// One way is enough: the first one that can be made.
    async fn first_of<'a>(
        &self,
        ways: &'a [Auth],
        request: &Outgoing,
    ) -> Result<Vec<Made<'a>>, CannotMake> {
        let mut reasons = Vec::new();
        for way in ways {
            match self.made(way, request).await {
                Ok(made) => return Ok(made),
                Err(CannotMake(reason)) => reasons.push(reason),
            }
        }
        Err(CannotMake(format!(
            "none of its ways can be made here ({})",
            reasons.join("; ")
        )))
    }

    async fn read(&self, name: &str) -> Result<Arc<Sensitive<String>>, CannotMake> {
        let read = self.secrets.read(name).await;
        read.map_err(|error| CannotMake(error.to_string()))
    }

    async fn token(&self, wanted: &JwtAuth) -> Result<String, CannotMake> {
        let secret = match (wanted.algorithm, &wanted.key) {
            (JwtAlgorithm::Hs256, JwtKey::Secret(name)) => self.read(name).await?,
            (algorithm, _) => {
                return Err(CannotMake(format!(
                    "it takes tokens signed by {}, whose private key only their issuer has",
                    name_of(algorithm)
                )));
            }
        };
        let now_s = self.now_ms.div_euclid(1_000);
        let mut claims = Map::new();
        claims.insert("sub".to_owned(), SUBJECT.into());
        claims.insert("iat".to_owned(), now_s.into());
        claims.insert("exp".to_owned(), (now_s + TOKEN_S).into());
        for (claim, value) in [("iss", &wanted.issuer), ("aud", &wanted.audience)] {
            if let Some(value) = value {
                claims.insert(claim.to_owned(), value.clone().into());
            }
        }
        let key = EncodingKey::from_secret(secret.expose().as_bytes());
        // What goes wrong here could quote the key.
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &Value::Object(claims), &key)
            .map_err(|_| CannotMake("a token could not be made with the secret".to_owned()))
    }

    fn signature(
        &self,
        wanted: &SignatureAuth,
        secret: &Sensitive<String>,
        request: &Outgoing,
    ) -> Result<Vec<(String, String)>, CannotMake> {
        let signed = wanted.scheme.sign(&SignInput {
            secret: secret.expose(),
            method: request.method.as_str(),
            url: request.url.as_str(),
            body: &request.body,
            timestamp_ms: self.now_ms,
            id: self.id,
        });
        signed.map_err(|failure| {
            let (name, reason) = (&wanted.secret, failure.explain());
            CannotMake(format!("the secret `{name}` does not sign: {reason}"))
        })
    }
}

fn authorization(value: String) -> Made<'static> {
    Made::Header("authorization".to_owned(), Sensitive::new(value))
}

fn copy(value: &Sensitive<String>) -> Sensitive<String> {
    Sensitive::new(value.expose().clone())
}

fn name_of(algorithm: JwtAlgorithm) -> &'static str {
    match algorithm {
        JwtAlgorithm::Hs256 => "HS256 with a public key",
        JwtAlgorithm::Es256 => "ES256",
        JwtAlgorithm::EdDsa => "EdDSA",
        JwtAlgorithm::Rs256 => "RS256",
    }
}
