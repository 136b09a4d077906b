//! Where a record comes from: the tree of what it rests upon, each node with who made it, when, by which
//! command and in which ledger entry, down to the raw token in the raw file.

use kernel::{EdgeRole, Ref};
use serde::Serialize;
use store::{Described, RawPlace, StoreError, Thread};

use super::{Asker, Excerpt, Named, named};

/// How deep and how long an explanation may be.
const DEPTH: u32 = 24;
const LINES: usize = 400;

/// One node of the tree.
#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    /// The record.
    #[serde(flatten)]
    pub named: Named,
    /// In which capacity the node above uses it; none at the top.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<&'static str>,
    /// Dry mass that flowed to the node above, kg.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mass_kg_dry: Option<f64>,
    /// Which fraction of the node above came from here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// What matters about it: field key and text.
    pub fields: Vec<(String, String)>,
    /// Who made it.
    pub by: Option<String>,
    /// When, in UTC.
    pub at: Option<String>,
    /// By which command.
    pub command: Option<String>,
    /// In which ledger entry.
    pub entry: Option<u64>,
    /// The raw token in its file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<RawPlace>,
    /// The lines around the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<Excerpt>,
    /// Whether it was unfolded on an earlier line.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub above: bool,
    /// Whether it has inputs that were left out for length.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
    /// What it rests upon.
    pub inputs: Vec<Explanation>,
}

/// Explains a record.
pub fn explain(ask: &mut Asker<'_>, record: Ref) -> Result<Explanation, StoreError> {
    let steps = ask.store.thread(|thread| {
        let mut walker = thread::Walker::new();
        let steps = thread.graph().explain(&mut walker, record.number, DEPTH, LINES);
        let of = |node: u64| if node == record.number { Some(record) } else { thread.record(node) };
        steps.into_iter().map(|step| (of(step.node), step)).collect::<Vec<_>>()
    })?;
    if steps.is_empty() {
        return node(ask, record, None);
    }
    let mut path: Vec<Explanation> = Vec::new();
    for (record, step) in steps {
        let Some(record) = record else { continue };
        while path.len() > step.depth as usize {
            close(&mut path);
        }
        path.push(node(ask, record, Some(&step))?);
    }
    while path.len() > 1 {
        close(&mut path);
    }
    path.pop().ok_or_else(|| StoreError::Missing(record.to_string()))
}

/// Hangs the last open node under the one before it.
fn close(path: &mut Vec<Explanation>) {
    let Some(done) = path.pop() else { return };
    match path.last_mut() {
        Some(above) => {
            above.inputs.push(done);
            above.inputs.sort_by_key(|input| importance(input.role));
        }
        None => path.push(done),
    }
}

/// What makes the number comes first, then what it is a number of, then how and by whom.
fn importance(role: Option<&'static str>) -> usize {
    const ORDER: [EdgeRole; 8] = [
        EdgeRole::Evidence,
        EdgeRole::ReadFrom,
        EdgeRole::Certified,
        EdgeRole::Material,
        EdgeRole::SampleOf,
        EdgeRole::Method,
        EdgeRole::Calibration,
        EdgeRole::Control,
    ];
    ORDER.iter().position(|known| Some(known.word()) == role).unwrap_or(ORDER.len())
}

fn node(ask: &mut Asker<'_>, record: Ref, step: Option<&thread::Step>) -> Result<Explanation, StoreError> {
    let Described { label, url, fields, raw, .. } = ask.describe(record)?;
    let origin = store::log::origin(ask.db, record)?.map(|entry| entry.record);
    let by = step.and_then(|step| step.by);
    Ok(Explanation {
        named: named(record, label, url),
        role: by.and_then(|edge| Thread::role(edge.role)).map(kernel::EdgeRole::word),
        mass_kg_dry: by.and_then(|edge| edge.mass_kg_dry),
        share: by.and_then(|edge| edge.share),
        fields,
        by: origin.as_ref().map(|origin| ask.actor(origin)).transpose()?,
        at: origin.as_ref().map(|origin| origin.at.clone()),
        command: origin.as_ref().map(|origin| origin.command.clone()),
        entry: origin.as_ref().map(|origin| origin.seq),
        excerpt: raw.as_ref().and_then(|raw| Excerpt::of(ask.store, raw)),
        raw,
        above: step.is_some_and(|step| step.end == thread::StepEnd::Above),
        cut: step.is_some_and(|step| step.end == thread::StepEnd::Cut),
        inputs: Vec::new(),
    })
}
