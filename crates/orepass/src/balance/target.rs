//! `--target` and `--recovery` of `orepass balance solve`: what a figure hangs on and what would help it.

use anyhow::{Context, Result};
use balance::{Quantity, Reconciled, Target, Wrong};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde_json::{Value, json};

use super::rounded;
use crate::print;

/// How many drivers and candidates the table shows; JSON has them all.
const SHOWN: usize = 10;

/// Adds the arguments.
pub fn arguments(command: Command) -> Command {
    let of = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name("STREAM:OF").action(ArgAction::Append).help(help)
    };
    command
        .arg(of("target", "What drives this figure, as conc:flow or conc:Cu; may be repeated"))
        .arg(of("recovery", "The same of the recovery of the flow or a component to a stream"))
        .arg(
            Arg::new("assume")
                .long("assume")
                .value_name("PERCENT")
                .default_value("5")
                .value_parser(value_parser!(f64))
                .help("Relative standard deviation of a further measurement of what is not yet measured"),
        )
}

/// What is asked for.
///
/// # Errors
/// A text that is no `STREAM:OF`, or a percentage that is not above zero.
pub fn targets(own: &ArgMatches) -> Result<(Vec<Target>, f64)> {
    let mut targets: Vec<Target> = quantities(own, "target")?.into_iter().map(Target::Quantity).collect();
    targets.extend(quantities(own, "recovery")?.into_iter().map(Target::Recovery));
    let percent = own.get_one::<f64>("assume").copied().unwrap_or(5.0);
    anyhow::ensure!(
        percent > 0.0 && percent.is_finite(),
        "--assume {percent} is no relative standard deviation; give a percentage above zero"
    );
    Ok((targets, percent / 100.0))
}

/// The quantities that a flag names.
///
/// # Errors
/// A text that is no `STREAM:OF`.
pub fn quantities(own: &ArgMatches, flag: &str) -> Result<Vec<Quantity>> {
    let texts = own.get_many::<String>(flag).into_iter().flatten();
    let quantity = |text: &String| {
        let (stream, of) = text
            .rsplit_once(':')
            .filter(|(stream, of)| !stream.trim().is_empty() && !of.trim().is_empty())
            .with_context(|| format!("--{flag} {text} is no STREAM:OF; write it as feed:flow or feed:Cu"))?;
        Ok(Quantity { stream: stream.trim().into(), of: of.trim().into() })
    };
    texts.map(quantity).collect()
}

/// The keys `influence` and `next_measurement`: one of each for each target.
///
/// # Errors
/// [`Wrong`] names a stream or component that does not exist.
pub fn answer(reconciled: &Reconciled, targets: &[Target], relative: f64) -> Result<(Value, Value), Wrong> {
    let (mut drivers, mut helpers) = (Vec::new(), Vec::new());
    for target in targets {
        let name = named(target);
        let influence = reconciled.influence(target)?;
        let rows = influence.iter().enumerate().map(|(at, one)| {
            let Quantity { stream, of } = &one.measurement;
            json!({ "rank": at + 1, "stream": stream, "of": of, "share": one.share,
                "sensitivity": one.sensitivity })
        });
        drivers.push(json!({ "target": name, "measurements": rows.collect::<Vec<_>>() }));
        let candidates = reconciled.next_measurement(target, relative)?;
        let rows = candidates.iter().enumerate().map(|(at, one)| {
            json!({ "rank": at + 1, "stream": one.quantity.stream, "of": one.quantity.of,
                "assumed_sd": one.assumed_sd, "sd_before": one.sd_before, "sd_after": one.sd_after })
        });
        helpers.push(json!({ "target": name, "candidates": rows.collect::<Vec<_>>() }));
    }
    Ok((Value::Array(drivers), Value::Array(helpers)))
}

fn named(target: &Target) -> Value {
    let (kind, Quantity { stream, of }) = match target {
        Target::Quantity(quantity) => ("value", quantity),
        Target::Recovery(quantity) => ("recovery", quantity),
    };
    json!({ "kind": kind, "stream": stream, "of": of })
}

/// The same, set for reading.
pub fn table(value: &Value) -> String {
    let mut out = String::new();
    let list = |key: &str| value[key].as_array().cloned().unwrap_or_default();
    for (drivers, helpers) in list("influence").iter().zip(list("next_measurement")) {
        let text = |key: &str| drivers["target"][key].as_str().unwrap_or_default().to_owned();
        let what = if text("kind") == "recovery" { "the recovery of " } else { "" };
        let figure = format!("{what}{} in {}", text("of"), text("stream"));
        out.push_str(&part(
            &format!("what {figure} hangs on"),
            &drivers["measurements"],
            &["rank", "stream", "of", "share", "sensitivity"],
            "no measurement: it is exact, or nothing determines it",
        ));
        out.push_str(&part(
            &format!("which one more measurement would help {figure} most"),
            &helpers["candidates"],
            &["rank", "stream", "of", "assumed_sd", "sd_before", "sd_after"],
            "no single one would",
        ));
    }
    out
}

fn part(heading: &str, rows: &Value, names: &[&str], none: &str) -> String {
    let all = rows.as_array().cloned().unwrap_or_default();
    if all.is_empty() {
        return format!("\n{heading}\n{none}\n");
    }
    let first: Vec<Value> = all.iter().take(SHOWN).cloned().collect();
    let more = all.len() - first.len();
    let more = if more > 0 { format!("and {more} more, in --format json\n") } else { String::new() };
    format!("\n{heading}\n{}{more}", print::rows(&rounded(&Value::Array(first)), names))
}
