//! `hookloom endpoint send`: one real request to an endpoint, signed as the endpoint wants it.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use serde_json::{Value, json};

use super::input::read_bytes;
use crate::caller::Caller;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::render;

/// What to send, and where.
#[derive(Debug, Args)]
pub struct Send {
    /// The flow
    flow: String,
    /// The endpoint
    endpoint: String,
    /// The body; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    body: Option<PathBuf>,
    /// Begin with a stored request, `mqr_…`: what is not given is taken from it
    #[arg(long, value_name = "ID")]
    request: Option<String>,
    /// The method [default: that of the stored request, else POST]
    #[arg(long, value_name = "METHOD")]
    method: Option<String>,
    /// A header, in place of those of the stored request; can be repeated
    #[arg(long = "header", value_name = "NAME: VALUE")]
    headers: Vec<String>,
    /// Without the endpoint's key, token or signature
    #[arg(long)]
    unsigned: bool,
}

impl Send {
    /// The call of the control API, with the body read.
    pub fn prepare(self) -> Result<Value, Failure> {
        let Self {
            flow,
            endpoint,
            body,
            request,
            method,
            headers,
            unsigned,
        } = self;
        let mut call = json!({"flow": flow, "endpoint": endpoint, "sign": !unsigned});
        if let Some(path) = body {
            match String::from_utf8(read_bytes(&path)?) {
                Ok(text) => call["body"] = text.into(),
                Err(error) => call["body_base64"] = STANDARD.encode(error.as_bytes()).into(),
            }
        }
        if let Some(request) = request {
            call["request_id"] = request.into();
        }
        if let Some(method) = method {
            call["method"] = method.into();
        }
        if !headers.is_empty() {
            let headers = headers.iter().map(|header| named(header));
            call["headers"] = headers.collect::<Result<Vec<Value>, _>>()?.into();
        }
        Ok(call)
    }
}

fn named(header: &str) -> Result<Value, Failure> {
    let (name, value) = header
        .split_once(':')
        .ok_or_else(|| Failure::usage("A header is written as `NAME: VALUE`."))?;
    Ok(json!({"name": name.trim(), "value": value.trim()}))
}

/// Sends it. An answer that is no success is a failure.
pub async fn send(call: Value, caller: &Caller, printer: &Printer) -> Result<Exit, Failure> {
    let sent = caller.post("/endpoints/send", call).await?;
    printer.result(&sent, |paint| render::request_sent(&sent, paint));
    Ok(match sent["response"]["status"].as_u64() {
        Some(200..=299) => Exit::Ok,
        _ => Exit::Failed,
    })
}
