//! `hookloom stats`: what happened in the last hour or day.

use clap::{Args, ValueEnum};

use crate::caller::{Caller, segment};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::render;

/// Which statistics.
#[derive(Debug, Args)]
pub struct Arguments {
    /// How far back
    #[arg(long, value_enum, default_value_t = Span::Hour)]
    span: Span,
    /// Only of this flow
    #[arg(long, value_name = "NAME")]
    flow: Option<String>,
    /// At most this many flows, and as many endpoints
    #[arg(long, default_value_t = 50, value_name = "N")]
    limit: usize,
}

/// How far back.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Span {
    Hour,
    Day,
}

/// Shows them.
pub async fn run(
    arguments: Arguments,
    caller: &Caller,
    printer: &Printer,
) -> Result<Exit, Failure> {
    let Arguments { span, flow, limit } = arguments;
    let span = match span {
        Span::Hour => "hour",
        Span::Day => "day",
    };
    let flow = flow.map(|flow| format!("&flow={}", segment(&flow)));
    let path = format!("/statistics?span={span}{}", flow.unwrap_or_default());
    let mut statistics = caller.get(&path).await?;
    for list in ["flows", "endpoints"] {
        if let Some(items) = statistics[list].as_array_mut() {
            items.truncate(limit);
        }
    }
    printer.result(&statistics, |paint| render::statistics(&statistics, paint));
    Ok(Exit::Ok)
}
