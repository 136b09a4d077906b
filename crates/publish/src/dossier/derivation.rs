//! Follows every number on the certificate back to the raw token, doing each step again.

use std::collections::{BTreeMap, BTreeSet};

use ledger::Digest;

use super::model::{DERIVATION_SCHEMA, Derivation, Node, RawToken, Step};
use super::path;
use super::recompute::{Ends, NO_DECIMAL, Outcome, has_two_digits, plain, plain_value, repeat, worst};
use super::verify::{Clause, FirstWrong};
use crate::certificate::{CertificateDocument, Item, Mark, Qualifier, SampleRule};

/// What was found on the way.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// Numbers that reach a raw token.
    pub from_raw: usize,
    /// Numbers that end in a typed entry, marked as such.
    pub typed: usize,
    /// Nodes whose step is stated and not recomputed.
    pub stated: BTreeSet<String>,
    /// Tokens that were not read again in their file, for it is a workbook or in another encoding.
    pub unread: BTreeSet<String>,
}

pub(super) struct Walk<'a> {
    nodes: BTreeMap<&'a str, &'a Node>,
    /// Node → the nodes whose values it is computed from, in the order of the edges.
    inputs: BTreeMap<&'a str, Vec<&'a Node>>,
    files: &'a BTreeMap<String, Vec<u8>>,
    walked: Walked,
}

/// What a number was found to rest on.
#[derive(Debug, Default, Clone, Copy)]
struct Rests {
    /// On a typed entry.
    typed: bool,
    /// On a fraction put in for what lies below its limit.
    substituted: bool,
}

fn wrong(place: &str, expected: impl Into<String>, found: impl Into<String>) -> FirstWrong {
    FirstWrong::new(Clause::Derivation, place, expected, found)
}

/// Checks all items. `files` is the archive; `entries` are the sequence numbers whose entries were proved.
pub(super) fn check(
    document: &CertificateDocument,
    derivation: &Derivation,
    files: &BTreeMap<String, Vec<u8>>,
    entries: &BTreeSet<u64>,
) -> Result<Walked, FirstWrong> {
    if derivation.schema != DERIVATION_SCHEMA {
        return Err(wrong(path::DERIVATION, DERIVATION_SCHEMA, &derivation.schema));
    }
    let mut walk = Walk::new(derivation, files, entries)?;
    for item in &document.items {
        walk.item(item)?;
    }
    Ok(walk.walked)
}

impl<'a> Walk<'a> {
    fn new(
        derivation: &'a Derivation,
        files: &'a BTreeMap<String, Vec<u8>>,
        entries: &BTreeSet<u64>,
    ) -> Result<Self, FirstWrong> {
        let mut nodes = BTreeMap::new();
        for node in &derivation.nodes {
            if nodes.insert(node.id.as_str(), node).is_some() {
                return Err(wrong(&node.id, "one node of this id", "two"));
            }
            if let Some(seq) = node.seq.filter(|seq| !entries.contains(seq)) {
                return Err(wrong(&node.id, format!("{}{seq}.json", path::ENTRIES), "no such entry"));
            }
        }
        let mut inputs: BTreeMap<&str, Vec<&Node>> = BTreeMap::new();
        for edge in &derivation.edges {
            let end = |id: &str| {
                let place = format!("edge {} → {}", edge.from, edge.to);
                nodes.get(id).copied().ok_or_else(|| wrong(&place, format!("a node {id}"), "none"))
            };
            let (from, to) = (end(&edge.from)?, end(&edge.to)?);
            if edge.carries_value() && from.value.is_some() {
                inputs.entry(to.id.as_str()).or_default().push(from);
            }
        }
        Ok(Self { nodes, inputs, files, walked: Walked::default() })
    }

    fn item(&mut self, item: &Item) -> Result<(), FirstWrong> {
        let node = self.nodes.get(item.node.as_str()).copied();
        let node = node.ok_or_else(|| wrong(&item.node, "a node for this item", "none"))?;
        let value = node.value.as_deref().unwrap_or_default();
        if value != item.result.text {
            return Err(wrong(&item.node, value, &item.result.text));
        }
        let no_number = [Qualifier::NotAnalysed, Qualifier::InsufficientSample, Qualifier::ListedNotReceived];
        if no_number.contains(&item.result.qualifier) {
            return Ok(());
        }
        figures(item)?;
        let mut rests = self.upstream(node)?;
        for of in item.samples.iter().flat_map(|samples| &samples.values) {
            let node = self.nodes.get(of.node.as_str()).copied();
            let node = node.ok_or_else(|| wrong(&of.node, "a node for this sample", "none"))?;
            let value = node.value.as_deref().unwrap_or_default();
            if value != of.text {
                return Err(wrong(&of.node, value, &of.text));
            }
            let more = self.upstream(node)?;
            rests.typed |= more.typed;
            rests.substituted |= more.substituted;
        }
        if rests.substituted && !item.marks.contains(&Mark::Substituted) {
            return Err(wrong(&item.node, "the mark substituted", "no mark"));
        }
        if rests.typed {
            if !item.marks.contains(&Mark::HandTyped) {
                return Err(wrong(&item.node, "the mark hand-typed, for the number was typed", "no mark"));
            }
            self.walked.typed += 1;
        } else {
            self.walked.from_raw += 1;
        }
        Ok(())
    }

    /// Walks everything the node's value is computed from; gives what it rests on.
    fn upstream(&mut self, start: &'a Node) -> Result<Rests, FirstWrong> {
        let mut rests = Rests::default();
        let mut done: BTreeSet<&str> = BTreeSet::new();
        let mut open: BTreeSet<&str> = BTreeSet::new();
        // Each node is met twice: on the way up, and when all it derives from has been met.
        let mut stack = vec![(start, false)];
        while let Some((node, leaving)) = stack.pop() {
            if leaving {
                open.remove(node.id.as_str());
                done.insert(&node.id);
                continue;
            }
            if done.contains(node.id.as_str()) {
                continue;
            }
            if !open.insert(&node.id) {
                return Err(wrong(&node.id, "a derivation without a cycle", "the node derives from itself"));
            }
            stack.push((node, true));
            let inputs = self.inputs.get(node.id.as_str()).cloned().unwrap_or_default();
            rests.typed |= self.node(node, &inputs)?;
            rests.substituted |= matches!(&node.step, Some(Step::Combine { substituted: true, .. }));
            if node.raw.is_none() && !node.typed {
                stack.extend(inputs.into_iter().map(|input| (input, false)));
            }
        }
        Ok(rests)
    }

    /// Checks one node against what it is computed from; gives whether it was typed.
    fn node(&mut self, node: &'a Node, inputs: &[&'a Node]) -> Result<bool, FirstWrong> {
        let value = node.value.as_deref().unwrap_or_default();
        if node.typed {
            return match node.seq {
                Some(_) => Ok(true),
                None => Err(wrong(&node.id, "the ledger entry of the typed value", "none")),
            };
        }
        let copy = Step::Copy;
        let step = node.step.as_ref().unwrap_or(&copy);
        let outcome = match &node.raw {
            Some(raw) => {
                self.token(node, raw)?;
                repeat(step, &[("", raw.text.as_str())], value)
            }
            None if inputs.is_empty() => {
                return Err(wrong(&node.id, "a raw token or a typed entry at the end", "nothing"));
            }
            None if matches!(step, Step::Worst { .. }) => self.worst(step, inputs, value),
            None => repeat(step, &named(inputs), value),
        };
        match outcome {
            Outcome::Agrees => Ok(false),
            Outcome::Differs { expected } => Err(wrong(&node.id, expected, value)),
            Outcome::Impossible(why) => Err(wrong(&node.id, "a step that fits its inputs", why)),
            Outcome::NotRecomputed => {
                self.walked.stated.insert(node.id.clone());
                Ok(false)
            }
        }
    }

    /// The worst of several is found by what they are before they are rounded.
    fn worst(&self, step: &Step, inputs: &[&'a Node], value: &str) -> Outcome {
        let ends = |node: &&'a Node| {
            let text = node.value.as_deref()?;
            let from = self.inputs.get(node.id.as_str()).map(Vec::as_slice).unwrap_or_default();
            let (step, from) = match &node.step {
                Some(step) if node.raw.is_none() && !node.typed => (step, named(from)),
                _ => (&Step::Copy, Vec::new()),
            };
            Some((Ends::unrounded(step, &from, text)?, text))
        };
        let all: Option<Vec<_>> = inputs.iter().map(ends).collect();
        all.map_or(Outcome::Impossible(NO_DECIMAL), |all| worst(step, &all, value))
    }

    /// The file of the token is in the archive, and where its place is known in bytes, the token stands
    /// there.
    fn token(&mut self, node: &Node, raw: &RawToken) -> Result<(), FirstWrong> {
        let Some(bytes) = raw_file(self.files, &raw.file) else {
            return Err(wrong(&node.id, format!("{}{}", path::RAW, raw.file), "no such file"));
        };
        let Some([start, end]) = raw.bytes else {
            self.walked.unread.insert(node.id.clone());
            return Ok(());
        };
        let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        let found = bytes.get(place(start)..place(end)).unwrap_or_default();
        if found == raw.text.as_bytes() {
            Ok(())
        } else {
            Err(wrong(&node.id, &raw.text, String::from_utf8_lossy(found)))
        }
    }
}

/// Nodes that have a value, as a step names them.
fn named<'a>(inputs: &[&'a Node]) -> Vec<(&'a str, &'a str)> {
    inputs.iter().filter_map(|input| Some((input.id.as_str(), input.value.as_deref()?))).collect()
}

/// What a printed figure must not say: a spelling that is not plain, an uncertainty beside what is only a
/// bound, or one that ends elsewhere than its value (before it only with its second digit), a number below
/// the reporting limit without the mark of an estimate, a count of samples that is another than theirs.
fn figures(item: &Item) -> Result<(), FirstWrong> {
    let fail = |expected: String, found: &str| Err(wrong(&item.node, expected, found));
    let text = item.result.text.as_str();
    if let Some(expected) = plain(text).filter(|plain| plain != text) {
        return fail(expected, text);
    }
    let value = plain_value(text).filter(|_| item.result.qualifier == Qualifier::Value);
    if let Some(uncertainty) = &item.uncertainty {
        let digits = uncertainty.trim_start_matches("± ").split(' ').next().unwrap_or_default();
        match (value, plain_value(digits)) {
            (Some((_, places)), Some((width, ending)))
                if !width.is_zero() && (places == ending || (places > ending && has_two_digits(digits))) => {}
            _ => return fail(format!("no uncertainty, or one that ends where {text} ends"), uncertainty),
        }
    }
    let limit = item.reporting_limit.as_deref().and_then(plain_value);
    let marked = item.marks.contains(&Mark::Estimated) || item.marks.contains(&Mark::Substituted);
    match (value, limit) {
        (Some((number, _)), Some((limit, _))) if number < limit && !marked => {
            return fail(format!("<{}", item.reporting_limit.as_deref().unwrap_or_default()), text);
        }
        _ => {}
    }
    if let Some(samples) = &item.samples {
        let codes: BTreeSet<&str> = samples.values.iter().map(|of| of.sample.as_str()).collect();
        let found = if samples.rule == SampleRule::Each { samples.n as usize } else { codes.len() };
        if found != samples.n as usize {
            return fail(format!("{} samples", samples.n), &found.to_string());
        }
    }
    Ok(())
}

fn raw_file<'a>(files: &'a BTreeMap<String, Vec<u8>>, hash: &str) -> Option<&'a [u8]> {
    // Only a digest may be looked up, or a crafted prefix would find another file.
    Digest::from_hex(hash).ok()?;
    let prefix = format!("{}{hash}", path::RAW);
    files
        .range(prefix.clone()..)
        .take_while(|(name, _)| name.starts_with(&prefix))
        .map(|(_, bytes)| bytes.as_slice())
        .next()
}
