//! `hookloom serve`: runs everything without a window until it is told to stop.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::pin::pin;

use clap::{Args, ValueEnum};
use hookloom_runtime::{self as runtime, DataFolder, IpNet, Options, Role, UpdateSource};
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

use super::input::ask_passphrase;

const RECEIVER_VARIABLE: &str = "HOOKLOOM_RECEIVER";
const CONTROL_VARIABLE: &str = "HOOKLOOM_CONTROL";
const CONTROL_HOSTS_VARIABLE: &str = "HOOKLOOM_CONTROL_HOSTS";
const PROXIES_VARIABLE: &str = "HOOKLOOM_TRUSTED_PROXIES";
const LOOPBACK_VARIABLE: &str = "HOOKLOOM_LIMIT_LOOPBACK";

/// Where to listen, and with what.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Where senders call; port 0 takes a free one [default: HOOKLOOM_RECEIVER, else
    /// as chosen by `hookloom listen`, else 127.0.0.1:4747]
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    receiver: Option<SocketAddr>,
    /// Where you, scripts and the workbench call [default: HOOKLOOM_CONTROL, else as chosen, else
    /// 127.0.0.1:4748]
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    control: Option<SocketAddr>,
    /// Leave the workbench out
    #[arg(long)]
    no_ui: bool,
    /// A name under which a proxy passes calls on to the control listener, as in `Host`; may be given again
    /// [default: HOOKLOOM_CONTROL_HOSTS, separated by commas]
    #[arg(long, value_name = "HOST", value_parser = parse_host)]
    control_host: Vec<String>,
    /// A proxy, or a network of them, that is believed when it names in X-Forwarded-For who called it; may be given again
    /// [default: HOOKLOOM_TRUSTED_PROXIES, separated by commas]
    #[arg(long, value_name = "NETWORK", value_parser = parse_network)]
    trusted_proxy: Vec<IpNet>,
    /// Let the limit of requests per source address hold for callers on this computer, too: for a tunnel that names nobody
    /// [default: HOOKLOOM_LIMIT_LOOPBACK=on or off, else off]
    #[arg(long)]
    limit_loopback: bool,
    /// Where releases are asked about when you look for updates, for a mirror of your own; only with --updates-key
    /// [default: what it was built with]
    #[arg(long, value_name = "URL", requires = "updates_key")]
    updates_from: Option<String>,
    /// The public key of minisign that signs those releases
    #[arg(long, value_name = "KEY", requires = "updates_from")]
    updates_key: Option<String>,
    /// How a line of the log looks [default: HOOKLOOM_LOG_FORMAT, else text]
    #[arg(long, value_enum, value_name = "FORMAT")]
    log_format: Option<LogFormat>,
}

/// How a line of the log looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}

/// Runs until a signal to stop; then takes nothing new, ends what runs, and closes.
pub async fn run(
    arguments: Arguments,
    data: Option<PathBuf>,
    printer: &Printer,
) -> Result<Exit, Failure> {
    runtime::init_logging_as(arguments.log_format.map(|format| match format {
        LogFormat::Text => runtime::LogFormat::Text,
        LogFormat::Json => runtime::LogFormat::Json,
    }));
    // From the first moment on: a signal during the start must still close the folder in order.
    let stop = runtime::stop_signal()
        .map_err(|error| Failure::internal(format!("Signals cannot be received: {error}.")))?;
    let options = options(arguments, data)?;
    let mut running = runtime::open(options).await?;
    let ready = json!({
        "receiver": running.receiver_url(),
        "control": running.control_url(),
        "ui": running.ui_url().map(|url| url.expose().clone()),
        "token_file": running.token_file(),
    });
    printer.text(&ready.to_string());
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            // A restore waits for that; listeners and sessions stay where they are.
            () = running.restart_wanted() => running = running.reopen().await?,
        }
    }
    // Who asks twice does not want to wait for what runs; it goes on at the next start.
    let at_once = runtime::stop_signal()
        .map_err(|error| Failure::internal(format!("Signals cannot be received: {error}.")))?;
    tokio::select! {
        () = running.stop() => Ok(Exit::Ok),
        () = at_once => Err(Failure::new(Exit::Failed, "stopped_at_once", "Stopped at once.")
            .with_hint("What was cut off goes on at the next start.")),
    }
}

/// What the command line says, and what the variables say where it says nothing.
fn options(arguments: Arguments, data: Option<PathBuf>) -> Result<Options, Failure> {
    let Arguments {
        receiver,
        control,
        no_ui,
        control_host,
        trusted_proxy,
        limit_loopback,
        updates_from,
        updates_key,
        log_format: _,
    } = arguments;
    let limits_loopback = match std::env::var(LOOPBACK_VARIABLE).as_deref() {
        Ok("on") => true,
        Ok("off" | "") | Err(_) => limit_loopback,
        Ok(_) => return Err(Failure::usage(format!("{LOOPBACK_VARIABLE} is on or off."))),
    };
    let mut options = Options::new(DataFolder::resolve(data)?, Role::Serve)
        .with_ui(!no_ui)
        .control_hosts(or_listed(control_host, CONTROL_HOSTS_VARIABLE, parse_host)?)
        .trusted_proxies(or_listed(trusted_proxy, PROXIES_VARIABLE, parse_network)?)
        .limiting_loopback(limits_loopback)
        .asking_passphrase(ask_passphrase);
    if let Some(address) =
        or_listed(Vec::from_iter(receiver), RECEIVER_VARIABLE, parse_address)?.first()
    {
        options = options.receiver(*address);
    }
    if let Some(address) =
        or_listed(Vec::from_iter(control), CONTROL_VARIABLE, parse_address)?.first()
    {
        options = options.control(*address);
    }
    if let (Some(url), Some(key)) = (updates_from, updates_key) {
        let source = UpdateSource::parse(&url, &key)
            .map_err(|error| Failure::usage(format!("{error}.")).with_hint(error.hint()))?;
        options = options.updates_from(source);
    }
    Ok(options)
}

/// What was given, else what the variable lists.
fn or_listed<T, E: std::fmt::Display>(
    given: Vec<T>,
    variable: &str,
    parse: fn(&str) -> Result<T, E>,
) -> Result<Vec<T>, Failure> {
    if !given.is_empty() {
        return Ok(given);
    }
    let text = std::env::var(variable).unwrap_or_default();
    let parts = text.split(',').map(str::trim).filter(|it| !it.is_empty());
    parts
        .map(|part| {
            parse(part)
                .map_err(|error| Failure::usage(format!("{variable} has `{part}`: {error}.")))
        })
        .collect()
}

/// What is no network.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an IP address or a network, such as 127.0.0.1 or 10.0.0.0/8")]
struct NoNetwork;

/// An address is a network of one.
fn parse_network(text: &str) -> Result<IpNet, NoNetwork> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(IpNet::from(address));
    }
    text.parse().map_err(|_| NoNetwork)
}

/// What is no host.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected a name, with a port if it is called with one, such as hookloom.example or 192.168.1.2:8443"
)]
struct NoHost;

/// A value of `Host`, without scheme or path.
fn parse_host(text: &str) -> Result<String, NoHost> {
    let authority = text.parse::<http::uri::Authority>().map_err(|_| NoHost)?;
    match text.contains('@') {
        true => Err(NoHost),
        false => Ok(authority.as_str().to_ascii_lowercase()),
    }
}

/// What is no address.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an IP address with a port, such as 127.0.0.1:4747, or a port alone")]
struct NoAddress;

/// An address, or a port of this machine alone.
fn parse_address(text: &str) -> Result<SocketAddr, NoAddress> {
    if let Ok(port) = text.parse::<u16>() {
        return Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    }
    let text = text.replacen("localhost:", "127.0.0.1:", 1);
    text.parse().map_err(|_| NoAddress)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_be_a_port_alone() {
        let parsed = |text: &str| parse_address(text).map(|it| it.to_string());
        assert_eq!(parsed("0"), Ok("127.0.0.1:0".into()));
        assert_eq!(parsed("localhost:47"), Ok("127.0.0.1:47".into()));
        assert_eq!(parsed("[::1]:47"), Ok("[::1]:47".into()));
        assert_eq!(parsed("everywhere"), Err(NoAddress));
    }

    #[test]
    fn a_proxy_is_an_address_or_a_network_and_a_host_is_what_a_browser_sends() {
        let network = |text: &str| parse_network(text).map(|it| it.to_string());
        assert_eq!(network("127.0.0.1"), Ok("127.0.0.1/32".into()));
        assert_eq!(network("10.0.0.0/8"), Ok("10.0.0.0/8".into()));
        assert_eq!(network("proxy.example"), Err(NoNetwork));
        assert_eq!(parse_host("Hooks.Example"), Ok("hooks.example".into()));
        assert_eq!(parse_host("[::1]:8443"), Ok("[::1]:8443".into()));
        for text in [
            "",
            "https://hooks.example",
            "hooks.example/",
            "a@hooks.example",
        ] {
            assert_eq!(parse_host(text), Err(NoHost), "{text}");
        }
    }
}
