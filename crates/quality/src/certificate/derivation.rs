//! How every number on a certificate came about: from the printed figure over the result and the reading down
//! to the token in the raw file, with each step written so that a stranger can do it again.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{CertificateId, Ref, ResultId};
use measure::{Decimal, DecimalText, Qualifier, RoundingRule};
use publish::Names;
use publish::certificate::ReportingRule;
use publish::dossier::{
    DERIVATION_SCHEMA, Derivation, Edge, End, Node, Outcome, RawFile, RawToken, Rounding, Step, Term, Ties,
    repeat,
};
use store::{Described, Store, StoreError};

use super::figures::{is_plain, node, node_among, restated};
use super::rows::{self, Place};
use crate::judgement::{Cut, Line, Measured, RoundedTo};
use crate::specification::SampleRule;

/// What the thread knows upstream of a certificate.
pub(super) struct Upstream {
    /// Every record, the certificate included.
    pub records: BTreeSet<Ref>,
    /// Source, derived, role.
    pub edges: Vec<(Ref, Ref, &'static str)>,
}

/// Most records a dossier follows; a lot of a long-running plant has ancestors without end.
const MOST: usize = 5_000;

/// Follows the thread upstream of a certificate: evidence, methods, signers, lots. What it superseded is
/// another certificate's own matter. `drawn` are the edges of a certificate that is not issued yet.
pub(super) fn upstream(
    store: &Store,
    certificate: CertificateId,
    drawn: &[kernel::Edge],
) -> Result<Upstream, StoreError> {
    let start = Ref::from(certificate);
    store.thread(|thread| {
        let mut found = Upstream { records: BTreeSet::from([start]), edges: Vec::new() };
        let mut open = std::collections::VecDeque::from([start]);
        for edge in drawn {
            found.edges.push((edge.from, edge.to, edge.role.word()));
            if found.records.insert(edge.from) {
                open.push_back(edge.from);
            }
        }
        while let Some(at) = open.pop_front() {
            for edge in thread.graph().inputs(at.number) {
                let role = store::Thread::role(edge.role).map_or("context", |role| role.word());
                let Some(from) = thread.record(edge.from) else { continue };
                if role == "supersedes" || found.records.len() >= MOST {
                    continue;
                }
                found.edges.push((from, at, role));
                if found.records.insert(from) {
                    open.push_back(from);
                }
            }
        }
        found
    })
}

/// The derivation under construction.
pub(super) struct Builder<'a> {
    pub store: &'a Store,
    pub nodes: BTreeMap<String, Node>,
    pub edges: BTreeSet<(String, String, String)>,
    pub raw: BTreeMap<String, RawFile>,
    /// The entry that made each record.
    pub made_by: &'a BTreeMap<Ref, u64>,
}

impl Builder<'_> {
    /// Adds a record with its label and what is known of it.
    pub fn context(&mut self, record: Ref, described: Option<Described>) {
        let described = described.unwrap_or_default();
        let label = Some(described.label).filter(|label| !label.is_empty());
        let label = label.unwrap_or_else(|| record.to_string());
        let facts = described.fields.into_iter().collect();
        let seq = self.made_by.get(&record).copied();
        let label = Names::new(&label, &label);
        let node = Node { id: record.to_string(), label, facts, seq, ..Node::default() };
        self.nodes.entry(node.id.clone()).or_insert(node);
    }

    /// Adds what one line of the certificate rests on.
    pub fn line(
        &mut self,
        certificate: CertificateId,
        (at, line): (usize, &Line),
        results: &BTreeMap<ResultId, Measured>,
    ) -> Result<(), StoreError> {
        for id in &line.results {
            if let Some(result) = results.get(id) {
                self.result(result)?;
            }
        }
        let own = format!("{certificate}/item-{}", at + 1);
        let values = line.spread.as_ref().map(|spread| spread.values.as_slice()).unwrap_or_default();
        for (n, value) in values.iter().enumerate() {
            self.figure(&node_among(&own, n, &value.line), &value.line, results);
        }
        let id = node(certificate, at, line);
        // A moisture is no input of the step, which has it in its factor, but it is named beside it.
        for moist in line.moistures.iter().flat_map(|used| &used.results) {
            self.edge(moist.to_string(), &id, "context");
        }
        let rule = line.spread.as_ref().and_then(|spread| spread.rule);
        let averaged = matches!(rule, Some(SampleRule::Mean | SampleRule::ByIncrement));
        if values.is_empty() || averaged {
            self.figure(&id, line, results);
        } else {
            let among: Vec<String> =
                values.iter().enumerate().map(|(n, value)| node_among(&own, n, &value.line)).collect();
            self.worst(&id, line, among);
        }
        if !is_plain(line) {
            self.edge(id, &certificate.to_string(), "certified");
        }
        Ok(())
    }

    /// The figure that lies worst among several. This step, as every other of a figure, stands as it was
    /// made: where it does not give the figure again, the rehearsal of the dossier refuses the certificate.
    fn worst(&mut self, id: &str, line: &Line, among: Vec<String>) {
        let text = |bound: &Option<DecimalText>| bound.as_ref().map(DecimalText::plain);
        let step = Step::Worst { lower: text(&line.bounds.0), upper: text(&line.bounds.1) };
        for from in among {
            self.edge(from, id, "evidence");
        }
        self.put(id, line, step);
    }

    /// A figure from its results: a node of its own, unless it is a result's to the last digit.
    fn figure(&mut self, id: &str, line: &Line, results: &BTreeMap<ResultId, Measured>) {
        if is_plain(line) {
            return;
        }
        let computed = line.arithmetic.is_some();
        // What was considered besides is no input of the figure.
        let terms = line.arithmetic.iter().flat_map(|how| how.part.iter().chain(&how.whole));
        let mut ids: Vec<ResultId> = terms.map(|term| term.result).collect();
        if !computed {
            ids.extend(line.results.first());
        }
        let mut seen = BTreeSet::new();
        ids.retain(|id| seen.insert(*id));
        let inputs: Vec<(String, String)> = ids
            .iter()
            .filter_map(|id| results.get(id))
            .map(|result| match result.restated().filter(|_| computed || line.restated) {
                Some(counted) => (restated(result.id), counted.figure()),
                None => (result.id.to_string(), result.reported.figure()),
            })
            .collect();
        let step = if computed { combined(line, &inputs) } else { Some(step(line)) };
        for (from, _) in inputs {
            self.edge(from, id, "evidence");
        }
        self.put(id, line, step.unwrap_or_else(|| stated(line)));
    }

    fn put(&mut self, id: &str, line: &Line, step: Step) {
        let node = Node {
            id: id.to_owned(),
            label: Names::new(&line.analyte, &line.analyte),
            value: Some(line.figure.clone()),
            unit: Some(line.unit.symbol().to_owned()),
            step: Some(step),
            ..Node::default()
        };
        self.nodes.insert(node.id.clone(), node);
    }

    fn edge(&mut self, from: String, to: &str, role: &str) {
        self.edges.insert((from, to.to_owned(), role.to_owned()));
    }

    fn result(&mut self, result: &Measured) -> Result<(), StoreError> {
        let id = result.id.to_string();
        let figure = result.reported.figure();
        let place = match result.reading {
            Some(reading) => self.store.read(|db| rows::reading(db, reading))?.map(|place| (reading, place)),
            None => None,
        };
        let mut made = self.nodes.remove(&id).unwrap_or_default();
        made.id.clone_from(&id);
        made.value = Some(figure.clone());
        made.unit = Some(result.reported.unit().symbol().to_owned());
        if made.label.en.is_empty() {
            made.label = Names::new(result.analyte.to_string(), result.analyte.to_string());
        }
        match place {
            None => made.typed = true,
            Some((reading, place)) => {
                let reading = reading.to_string();
                let value = self.reading(&reading, &place, &figure)?;
                made.step = Some(from_reading(&value, &figure));
                self.edge(reading, &id, "evidence");
            }
        }
        self.nodes.insert(id.clone(), made);
        if let Some(counted) = result.restated() {
            self.reported(result, &id, &figure, &counted.figure());
        }
        Ok(())
    }

    /// Adds a result as its method's limits have it reported.
    fn reported(&mut self, result: &Measured, from: &str, measured: &str, value: &str) {
        let limits = &result.limits;
        let rule = match limits.rule {
            measure::ReportingRule::BelowLoq => ReportingRule::BelowLoq,
            measure::ReportingRule::NdBelowLod => ReportingRule::NdBelowLod,
            measure::ReportingRule::Estimated => ReportingRule::Estimated,
        };
        let text = |limit: &Option<DecimalText>| limit.as_ref().map(DecimalText::plain);
        let step = Step::Report { rule, lod: text(&limits.lod), loq: text(&limits.loq) };
        let step = checked(step, &[(from.to_owned(), measured.to_owned())], value);
        let name = result.analyte.to_string();
        let node = Node {
            id: restated(result.id),
            label: Names::new(format!("{name}, as reported"), format!("{name}（按报告限报出）")),
            value: Some(value.to_owned()),
            unit: Some(result.reported.unit().symbol().to_owned()),
            step: Some(step.unwrap_or_else(|| Step::Stated {
                rule: Names::new("Reported by the method's limits.", "按方法的报告限报出。"),
            })),
            ..Node::default()
        };
        self.edge(from.to_owned(), &node.id, "evidence");
        self.nodes.insert(node.id.clone(), node);
    }

    /// Adds a reading and its file; gives the reading's value.
    fn reading(&mut self, id: &str, place: &Place, figure: &str) -> Result<String, StoreError> {
        if !self.raw.contains_key(&place.sha256) {
            let bytes = self.store.files().read(&place.sha256)?;
            self.raw.insert(place.sha256.clone(), RawFile { name: place.file_name.clone(), bytes });
        }
        let bytes = self.raw.get(&place.sha256).map(|file| file.bytes.as_slice()).unwrap_or_default();
        let (text, value) = token(&place.raw, figure);
        let (sheet, row) = match place.row.rsplit_once('!') {
            Some((sheet, row)) => (Some(sheet.to_owned()), row),
            None => (None, place.row.as_str()),
        };
        let row = row.parse().unwrap_or_default();
        let bytes = if sheet.is_some() { None } else { find(bytes, row, place.column, &place.raw, &text) };
        let decimal = if text.contains(',') && !value.contains(',') { "," } else { "." };
        let step = Step::Read { decimal: decimal.to_owned(), thousands: String::new() };
        let mut node = self.nodes.remove(id).unwrap_or_default();
        node.id = id.to_owned();
        node.value = Some(value.clone());
        node.step = Some(step);
        if node.label.en.is_empty() {
            node.label = Names::new(id, id);
        }
        node.raw =
            Some(RawToken { file: place.sha256.clone(), sheet, row, column: place.column, text, bytes });
        self.nodes.insert(id.to_owned(), node);
        Ok(value)
    }

    /// The derivation: nodes and edges in order. An edge between two figures that is not one of the steps
    /// above says `context`, so that nobody computes by it.
    pub fn finish(self, upstream: &Upstream) -> (Derivation, Vec<RawFile>) {
        let mut edges = self.edges;
        for (from, to, role) in &upstream.edges {
            let (from, to) = (from.to_string(), to.to_string());
            let computes = matches!(*role, "evidence" | "read-from");
            let known = edges.contains(&(from.clone(), to.clone(), "evidence".to_owned()));
            if known || !self.nodes.contains_key(&from) || !self.nodes.contains_key(&to) {
                continue;
            }
            let valued = self.nodes.get(&from).is_some_and(|node| node.value.is_some());
            let role = if computes && valued { "context" } else { role };
            edges.insert((from, to, role.to_owned()));
        }
        let edges = edges.into_iter().map(|(from, to, role)| Edge { from, to, role }).collect();
        let nodes = self.nodes.into_values().collect();
        let derivation = Derivation { schema: DERIVATION_SCHEMA.to_owned(), nodes, edges };
        (derivation, self.raw.into_values().collect())
    }
}

/// The part of a cell that is the number, and the value it reads as. `28.8 % -` holds `28.8`; a cell that
/// does not hold the figure is taken as it stands.
fn token(raw: &str, figure: &str) -> (String, String) {
    let whole = raw.trim();
    if whole == figure {
        return (raw.to_owned(), figure.to_owned());
    }
    let spelt = whole.replace(',', ".");
    if plain(&spelt).is_some_and(|plain| plain == figure) {
        return (raw.to_owned(), spelt);
    }
    let comma = figure.replace('.', ",");
    for written in [figure, comma.as_str()] {
        let Some(at) = whole.find(written) else { continue };
        let digit = |c: Option<char>| {
            c.is_some_and(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '<' | '>'))
        };
        let clear = !digit(whole[..at].chars().next_back())
            && !whole[at + written.len()..].chars().next().is_some_and(|c| c.is_ascii_digit());
        if clear {
            return (written.to_owned(), figure.to_owned());
        }
    }
    match leading_number(whole) {
        Some(number) => (number.to_owned(), number.replace(',', ".")),
        None => (raw.to_owned(), whole.to_owned()),
    }
}

/// A figure in the plain spelling: `1.2e-005` as `0.000012`.
fn plain(text: &str) -> Option<String> {
    let digits = text.trim_start_matches(['<', '>', ' ']);
    let sign = text[..text.len() - digits.len()].trim();
    Some(format!("{sign}{}", DecimalText::parse(digits).ok()?.plain()))
}

/// The number a cell begins with, when something else than a digit follows: `231 PPM`, `<10 mg/kg`, `0,12`. A
/// cell with both point and comma is left alone, since one of them groups thousands.
fn leading_number(cell: &str) -> Option<&str> {
    let end = cell
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '<' | '>' | '-')))
        .unwrap_or(cell.len());
    let end = end + exponent(&cell[end..]);
    let number = cell[..end].trim_end_matches([',', '.']);
    let digits = number.trim_start_matches(['<', '>']).replace(',', ".");
    let plain = digits.bytes().filter(|byte| *byte == b'.').count() <= 1;
    (plain && DecimalText::parse(&digits).is_ok()).then_some(number)
}

/// How many bytes an exponent is long, when the text begins with one.
fn exponent(text: &str) -> usize {
    let Some(rest) = text.strip_prefix(['e', 'E']) else { return 0 };
    let digits = rest.strip_prefix(['+', '-']).unwrap_or(rest);
    let count = digits.bytes().take_while(u8::is_ascii_digit).count();
    if count == 0 { 0 } else { text.len() - digits.len() + count }
}

/// Where the token stands in a text file, when that is certain: on its line, in its cell, and only there.
fn find(bytes: &[u8], row: u64, column: u64, cell: &str, token: &str) -> Option<[u64; 2]> {
    let text = std::str::from_utf8(bytes).ok()?;
    let at = usize::try_from(row.checked_sub(1)?).ok()?;
    let line = text.split_inclusive('\n').nth(at)?;
    let start: usize = text.split_inclusive('\n').take(at).map(str::len).sum();
    let inner = cell.find(token)?;
    let places: Vec<usize> = line.match_indices(cell).map(|(place, _)| place).collect();
    let place = match places.as_slice() {
        [] => return None,
        [only] => *only,
        several => {
            let cell_of = |delimiter: char| {
                let nth = usize::try_from(column.checked_sub(1)?).ok()?;
                let before: usize =
                    line.split(delimiter).take(nth).map(|part| part.len() + delimiter.len_utf8()).sum();
                let here = line.split(delimiter).nth(nth)?;
                several.iter().copied().find(|place| (before..before + here.len().max(1)).contains(place))
            };
            ['\t', ';', ','].into_iter().filter(|delimiter| line.contains(*delimiter)).find_map(cell_of)?
        }
    };
    let from = start + place + inner;
    Some([from as u64, (from + token.len()) as u64])
}

/// How a result follows from its reading: unchanged, or moved by a power of ten; anything else is stated.
fn from_reading(reading: &str, result: &str) -> Step {
    if reading == result {
        return Step::Copy;
    }
    if plain(reading).is_some_and(|plain| plain == result) {
        return Step::Plain;
    }
    let split = |text: &str| {
        let digits = text.trim_start_matches(['<', '>']);
        let number = DecimalText::parse(digits).ok()?.decimal();
        Some((text[..text.len() - digits.len()].to_owned(), number))
    };
    if let (Some((sign, from)), Some((other, to))) = (split(reading), split(result))
        && sign == other
        && !from.is_zero()
        && let Some(factor) = to.checked_div(from)
        && from.checked_mul(factor) == Some(to)
        && is_power_of_ten(factor)
    {
        return Step::Convert { factor: factor.normalize().to_string(), rounding: None };
    }
    let rule = Names::new(
        "Read from the cell and converted as the instrument's mapping and the method edition state.",
        "按仪器映射与方法版本的规定由单元格读取并换算。",
    );
    Step::Stated { rule }
}

fn is_power_of_ten(factor: Decimal) -> bool {
    let factor = factor.normalize();
    let digits = factor.mantissa().unsigned_abs().to_string();
    digits.starts_with('1') && digits[1..].bytes().all(|digit| digit == b'0')
}

/// A step that gives the value when it is done again; nothing where it does not.
fn checked(step: Step, inputs: &[(String, String)], value: &str) -> Option<Step> {
    let named: Vec<(&str, &str)> = inputs.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
    (repeat(&step, &named, value) == Outcome::Agrees).then_some(step)
}

/// How a sum, ratio or mean follows from its results.
fn combined(line: &Line, inputs: &[(String, String)]) -> Option<Step> {
    let (how, to) = (line.arithmetic.as_ref()?, line.rounded?);
    let term = |term: &crate::judgement::Term| {
        let own = term.result.to_string();
        let other = restated(term.result);
        let node = inputs.iter().map(|(id, _)| id).find(|id| **id == own || **id == other);
        Term { node: node.cloned().unwrap_or(own), factor: term.factor.normalize().to_string() }
    };
    let step = Step::Combine {
        part: how.part.iter().map(term).collect(),
        whole: how.whole.iter().map(term).collect(),
        censored: how.censored.normalize().to_string(),
        factor: how.factor.normalize().to_string(),
        divisor: Some(how.divisor).filter(|by| *by != Decimal::ONE).map(|by| by.normalize().to_string()),
        statement: match line.qualifier {
            _ if line.between => Some(End::Both),
            Qualifier::Below => Some(End::Upper),
            Qualifier::Above => Some(End::Lower),
            _ => None,
        },
        substituted: !line.substituted.is_empty(),
        rounding: rounding(to),
    };
    Some(step)
}

fn rounding(to: RoundedTo) -> Rounding {
    let ties = match (to.cut, to.rule) {
        (Cut::Up, _) => Ties::Up,
        (Cut::Down, _) => Ties::Down,
        (Cut::Nearest, RoundingRule::HalfUp) => Ties::AwayFromZero,
        (Cut::Nearest, RoundingRule::Gb8170HalfEven | RoundingRule::AstmE29) => Ties::ToEven,
    };
    Rounding { places: to.places, ties }
}

/// How a printed figure follows from its one result.
fn step(line: &Line) -> Step {
    let rounding = line.rounded.map(rounding);
    match (&line.conversion, rounding) {
        (Some(conversion), rounding) => Step::Convert { factor: conversion.factor.to_string(), rounding },
        (None, Some(rounding)) => Step::Round { rounding },
        (None, None) => Step::Copy,
    }
}

/// What is said of a figure that cannot be computed again from what stands in the dossier.
fn stated(line: &Line) -> Step {
    let (en, zh) = match (line.results.len() > 1, line.analyte.contains('/')) {
        (true, true) => ("Ratio of the results named.", "所列结果之比。"),
        (true, false) => {
            ("From the results named, each as the specification states.", "由所列结果按规范规定得出。")
        }
        _ => ("Converted and rounded as the specification states.", "按规范规定换算与修约。"),
    };
    Step::Stated { rule: Names::new(en, zh) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_found_where_they_stand_and_nowhere_else() {
        let file = "Sample,Mn,Cd\r\nS-1,32.14,0.0005\r\nS-2,0.5,0.5\r\n".as_bytes();
        let at = |row, column, cell: &str, token: &str| {
            find(file, row, column, cell, token)
                .map(|[a, b]| String::from_utf8_lossy(&file[a as usize..b as usize]).into_owned())
        };
        assert_eq!(at(2, 2, "32.14", "32.14").as_deref(), Some("32.14"));
        assert_eq!(find(file, 2, 2, "32.14", "32.14"), Some([18, 23]));
        assert_eq!(find(file, 3, 3, "0.5", "0.5"), Some([40, 43]), "the second of two equal cells");
        assert_eq!(at(9, 2, "32.14", "32.14"), None);
        assert_eq!(at(2, 2, "99", "99"), None);
    }

    #[test]
    fn the_number_is_taken_out_of_its_cell() {
        let table = [
            ("32.14", "32.14", "32.14", "32.14"),
            (" 32.14 ", "32.14", " 32.14 ", "32.14"),
            ("28.8 % -", "28.8", "28.8", "28.8"),
            ("0,0012", "0.0012", "0,0012", "0.0012"),
            ("<0.001", "<0.001", "<0.001", "<0.001"),
            ("128.8", "28.8", "128.8", "128.8"),
            ("-28.8", "28.8", "-28.8", "-28.8"),
            ("231 PPM", "0.0231", "231", "231"),
            ("<10 mg/kg", "<0.0010", "<10", "<10"),
            ("0,12", "0.0012", "0,12", "0.12"),
            ("1,234.5", "0.12345", "1,234.5", "1,234.5"),
            ("ND", "<0.1", "ND", "ND"),
            ("1.2e-005", "0.000012", "1.2e-005", "1.2e-005"),
            ("<1,2E-05", "<0.000012", "<1,2E-05", "<1.2E-05"),
            (".5", "0.5", ".5", ".5"),
            ("1.2e1 mg/kg", "0.0012", "1.2e1", "1.2e1"),
        ];
        for (raw, figure, text, value) in table {
            assert_eq!(token(raw, figure), (text.to_owned(), value.to_owned()), "{raw} {figure}");
        }
    }

    #[test]
    fn a_step_from_the_reading_is_a_copy_a_power_of_ten_or_only_stated() {
        assert_eq!(from_reading("0.0010", "0.0010"), Step::Copy);
        let moved = Step::Convert { factor: "0.0001".into(), rounding: None };
        assert_eq!(from_reading("231", "0.0231"), moved);
        assert_eq!(from_reading("<10", "<0.0010"), moved);
        assert_eq!(from_reading("1.2e-005", "0.000012"), Step::Plain);
        let scaled = Step::Convert { factor: "0.0001".into(), rounding: None };
        assert_eq!(from_reading("1.2e1", "0.0012"), scaled);
        assert!(matches!(from_reading("231", "0.0232"), Step::Stated { .. }));
        assert!(matches!(from_reading("ND", "<0.001"), Step::Stated { .. }));
    }
}
