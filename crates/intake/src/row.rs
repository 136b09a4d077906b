//! One row of data to readings.

use crate::analyte::Named;
use crate::bind::{Binding, Target};
use crate::claims::{self, Claim};
use crate::context::{analyte_column, is_label};
use crate::engine::{Active, Extra, Note, Part, Walk, skipped};
use crate::lineup::{beside_the_value, heard, nameless, odd_id, odd_signs, untyped};
use crate::mapping::{Empty, Region, Role};
use crate::naming::{class, sample};
use crate::open::{Grid, Row};
use crate::over::alike;
use crate::quantity::{
    basis_of, flags, marks, quality, read_token, replicates, shown, unit_of, unknown_flags,
};
use crate::reading::{Class, Outcome, Qualifier, Reading, Refusal};
use crate::scene::{Attributes, Scene};
use crate::statistic::is_statistic;
use crate::text::short;
use crate::unit;
use crate::workbook;

/// Why a number without a unit is refused.
const NO_UNIT: &str = "no unit anywhere: the mapping must give one ([unit] constant = \"…\")";

/// Names that headings may set and that are not attributes of the reading.
const RESERVED: &[&str] = &["sample_id", "analyte", "channel", "unit", "basis", "time", "class"];

/// What holds for every reading of the row.
pub(crate) struct Common {
    pub sample_id: String,
    verbatim: String,
    class: Class,
    class_unit: Option<String>,
    /// A rule names the class.
    ruled: bool,
    /// The row has other columns than its header.
    misfit: bool,
    measured_at: Option<String>,
    attributes: Attributes,
    questions: Vec<String>,
    /// Units that stand beside the values and that no rule reads as such.
    claims: Vec<Claim>,
}

impl Common {
    /// A unit beside the values that is another than the one they are read with.
    fn other_unit(&self, region: &Region, target: &Target, unit: &str) -> Option<String> {
        let own = |at: Option<usize>| at.is_some_and(|at| self.claims.iter().all(|one| one.column != at));
        let from_row = region.unit.as_ref().is_some_and(|unit| !unit.source.columns().is_empty());
        if self.class == Class::Statistics || unit.is_empty() || from_row || own(target.unit_column) {
            return None;
        }
        let other = self.claims.iter().find(|claim| !alike(&claim.unit, unit, &region.unit_alias))?;
        Some(format!("column {} says {:?}, the values are read as {unit}", other.column + 1, other.said))
    }

    /// A number without a unit is refused, one of another kind of unit is a question. Counts of statistics
    /// and intensities may stand without.
    fn unit_needed(
        &self,
        region: &Region,
        unit: &str,
        number: Option<&str>,
        analyte: &str,
    ) -> Result<Option<String>, Refused> {
        let Some(raw) = number else { return Ok(None) };
        if self.class == Class::Statistics || region.role == Role::Intensity {
            return Ok(None);
        }
        match unit.is_empty() {
            true => Err(Refused::new(raw.trim(), NO_UNIT)),
            false => Ok(unit::doubt(unit, &region.unit_alias, analyte)),
        }
    }
}

/// A cell that gives no reading.
pub(crate) struct Refused {
    pub token: String,
    pub reason: String,
}

impl Refused {
    pub fn new(token: &str, reason: impl Into<String>) -> Self {
        Self { token: token.to_owned(), reason: reason.into() }
    }
}

/// The part of a row that belongs to one sample, with what headings (and the header above it) said.
pub(crate) struct Place<'p> {
    pub binding: &'p Binding,
    pub targets: &'p [Target],
    block: &'p Attributes,
}

/// What became of the cells of a row.
struct Tally {
    count: u32,
    /// Why the first refused cell was refused.
    reason: Option<String>,
    /// Outcomes of parts that gave nothing.
    nothing: Vec<Outcome>,
    only_statistics: bool,
    parts: bool,
    /// Some reading says more than that its cell is empty.
    told: bool,
    /// A rule names the class of the row.
    ruled: bool,
    /// The sample id ends like a label: it announces something.
    label: Option<String>,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            count: 0,
            reason: None,
            nothing: Vec::new(),
            only_statistics: true,
            parts: false,
            told: false,
            ruled: false,
            label: None,
        }
    }
}

impl Tally {
    fn outcome(self) -> Outcome {
        match (self.count, self.reason, self.nothing.into_iter().next()) {
            (0, Some(reason), _) => Outcome::Refused { reason },
            (0, None, Some(nothing)) => nothing,
            (0, None, None) => skipped("no value column holds anything"),
            _ if self.parts => Outcome::Attribute,
            (readings, ..) if self.only_statistics => Outcome::Statistics { readings },
            (readings, ..) => Outcome::Reading { readings },
        }
    }
}

impl<'a> Walk<'a> {
    pub(crate) fn data(
        &mut self,
        active: &mut Active<'a>,
        binding: &Binding,
        row: Row<'a>,
        grid: &'a Grid,
    ) -> Outcome {
        if let Some(reason) = active.other_table() {
            return Outcome::Refused { reason };
        }
        let filled = row.cells().filter(|cell| !cell.trim().is_empty()).take(2).count();
        let valueless = |target: &Target| row.cell(target.column).trim().is_empty();
        let replicate = self.is_replicate(active, binding, row);
        let alone = filled == 1 && active.region.replicates.is_none() && !replicate;
        if alone && binding.targets.iter().all(valueless) && !active.is_empty_sample(binding, row) {
            let only = row.cells().map(str::trim).find(|text| !text.is_empty()).unwrap_or("");
            let shown = short(only);
            let reason = format!(
                "only one cell has content ({shown:?}), no value; add [[skip]], [[heading]] or [[preamble]]"
            );
            active.lose(row, false);
            return Outcome::Refused { reason };
        }
        if active.region.role == Role::Intensity
            && let Some(reason) = active.lost_question()
        {
            return Outcome::Refused { reason };
        }
        if claims::agrees(active.region, binding, row) {
            return Outcome::Header;
        }
        let before = (self.readings.len(), self.extras.len());
        let block = std::mem::take(&mut active.block);
        let mut tally = Tally::default();
        if active.region.transposed {
            for target in &binding.targets {
                let mut own = block.clone();
                own.insert("sample_id".to_owned(), target.sample.clone().unwrap_or_default());
                own.extend(target.attributes.iter().cloned());
                let place = Place { binding, targets: std::slice::from_ref(target), block: &own };
                self.cells(active, &place, row, grid, &mut tally);
            }
        } else {
            let place = Place { binding, targets: &binding.targets, block: &block };
            self.cells(active, &place, row, grid, &mut tally);
        }
        active.block = block;
        if let Some(reason) = self.not_understood(active, binding, row, &tally) {
            self.readings.truncate(before.0);
            self.notes.truncate(before.0);
            self.extras.truncate(before.1);
            active.lose(row, false);
            return Outcome::Refused { reason };
        }
        self.columns_nobody_reads(active, binding, row);
        if tally.count > 0 && !tally.only_statistics {
            self.see_row(active, grid);
        }
        tally.outcome()
    }

    /// Why a row is neither data nor anything that a rule names; what stands above then holds no longer.
    fn not_understood(
        &self,
        active: &Active<'a>,
        binding: &Binding,
        row: Row<'a>,
        tally: &Tally,
    ) -> Option<String> {
        if let Some(label) = tally.label.as_ref().filter(|_| !tally.ruled) {
            let label = short(label);
            return Some(format!("{label:?} announces something; add [[heading]], [[skip]] or [[preamble]]"));
        }
        let known = |outcome: &Outcome| matches!(outcome, Outcome::Skipped { .. });
        if tally.told || tally.ruled || tally.nothing.iter().any(known) || active.data_like(binding, row) {
            return None;
        }
        Some(match &tally.reason {
            Some(reason) => reason.clone(),
            None => {
                "no value stands in this row, and nothing else shows that it is a row of data; add [[skip]], \
                     [[heading]] or [[preamble]]"
                    .to_owned()
            }
        })
    }

    /// Says which columns hold something that no rule reads, each once.
    fn columns_nobody_reads(&mut self, active: &mut Active<'a>, binding: &Binding, row: Row<'a>) {
        active.shape.clear();
        for at in 0..row.len() {
            if row.cell(at).trim().is_empty() || binding.is_target(at) {
                continue;
            }
            active.shape.push(at);
            if binding.known.contains(&at) || !active.unread.insert(at) {
                continue;
            }
            let names = binding.titles.as_ref().or(active.region.header.names.as_ref());
            let title = names.and_then(|names| names.get(at)).map_or("", |name| name.trim());
            let (region, place) = (&active.region.name, at + 1);
            let what = if title.is_empty() { String::new() } else { format!(" {:?}", short(title)) };
            self.warn(format!("{region}: column {place}{what} holds something and nothing reads it"));
        }
    }

    /// Readings of those value columns of a row that share a sample id.
    fn cells(
        &mut self,
        active: &mut Active<'a>,
        place: &Place<'_>,
        row: Row<'a>,
        grid: &'a Grid,
        tally: &mut Tally,
    ) {
        let mut common = match self.common(active, place, row, grid) {
            Ok(common) => common,
            Err(outcome) => return self.none(place, row, outcome, tally),
        };
        if common.class != Class::Statistics {
            common.questions.extend(place.binding.misfit(row, grid.name.is_empty()));
            common.questions.extend(nameless(place.binding, row));
            common.questions.extend(untyped(self.mapping, active.region, place.binding, row));
            common.questions.extend(odd_id(active.region, place.binding, &common.sample_id));
            common.questions.extend(place.binding.questions.iter().cloned());
            common.questions.extend(active.lost_question());
            common.questions.extend(active.above_question());
            common.questions.extend(odd_signs(&common.verbatim));
            common.questions.extend(place.targets.iter().find_map(|one| beside_the_value(row, one)));
        }
        tally.ruled |= common.ruled;
        if common.class != Class::Statistics {
            let named = analyte_column(active.region, place.binding).map(|at| row.cell(at).trim());
            let labels = [Some(common.sample_id.as_str()), named];
            let label = labels.into_iter().flatten().find(|text| is_label(text) && !is_statistic(text));
            tally.label = tally.label.take().or(label.map(str::to_owned));
        }
        let (part, group) = match self.part(active, place.binding, row, &common) {
            Ok(part) => part,
            Err(outcome) => return tally.nothing.push(outcome),
        };
        let (block, again) = active.block_note();
        let note = Note { region: active.index, row: self.rows.len(), group, block, again };
        tally.only_statistics &= common.class == Class::Statistics;
        tally.parts |= part.is_some();
        for target in place.targets {
            let scene = self.scene(row, active.region, &place.binding.positions, place.block, &grid.name);
            match self.reading(&scene, active, place.binding, target, &common) {
                Ok(None) => {}
                Ok(Some(reading)) => {
                    tally.count += 1;
                    tally.told |= reading.qualifier != Qualifier::Missing;
                    match &part {
                        None => {
                            self.readings.push(reading);
                            self.notes.push(note);
                        }
                        Some(part) => self.extras.push(Extra { reading, note, part: part.clone() }),
                    }
                }
                Err(one) => {
                    if part == Some(Part::Replicate) {
                        let named = self.name(&scene, active, target, &mut Vec::new()).ok();
                        self.gap(active, named, &one.token);
                    }
                    self.refuse(target, row, one, tally);
                }
            }
        }
        if tally.told {
            active.see_id(&common.verbatim);
        }
    }

    /// No reading of a whole row, or of the one column of a transposed table, which is then told by itself.
    fn none(&mut self, place: &Place<'_>, row: Row<'a>, outcome: Outcome, tally: &mut Tally) {
        match (outcome, place.targets) {
            (Outcome::Refused { reason }, [target]) if target.sample.is_some() => {
                self.refuse(target, row, Refused::new(row.cell(target.column).trim(), reason), tally);
            }
            (outcome, _) => tally.nothing.push(outcome),
        }
    }

    fn refuse(&mut self, target: &Target, row: Row<'a>, one: Refused, tally: &mut Tally) {
        tally.reason.get_or_insert_with(|| one.reason.clone());
        self.refusals.push(Refusal {
            row: row.label(),
            column: u32::try_from(target.column.saturating_add(1)).unwrap_or(0),
            header: target.header.clone(),
            token: one.token,
            reason: one.reason,
        });
    }

    fn common(
        &mut self,
        active: &mut Active<'a>,
        place: &Place<'_>,
        row: Row<'a>,
        grid: &'a Grid,
    ) -> Result<Common, Outcome> {
        let (region, binding) = (active.region, place.binding);
        let mut questions: Vec<String> =
            workbook::sheet_question(grid).into_iter().chain(active.unseen_question()).collect();
        let (mut sample_id, mut verbatim) = {
            let scene = self.scene(row, region, &binding.positions, place.block, &grid.name);
            sample(&scene, active, &mut questions)?
        };
        let carried = region.sample.carry && sample_id.is_empty() && !active.carry.is_empty();
        if region.sample.carry {
            if sample_id.is_empty() {
                sample_id.clone_from(&active.carry);
                verbatim.clone_from(&active.carry);
            } else {
                active.carry.clone_from(&sample_id);
            }
        }
        let mut scene = self.scene(row, region, &binding.positions, place.block, &grid.name);
        scene.facts.sample_id = &sample_id;
        let ruled = class(&scene, active, place, &mut questions)?;
        let is_ruled = ruled.is_some();
        let (class, class_unit) = ruled.unwrap_or((active.region.class_default, None));
        if class == Class::Statistics && sample_id.is_empty() {
            // the label of a footer may stand in another column than the ids
            let first = place.targets.iter().map(|target| target.column).min().unwrap_or(0);
            let label = row.cells().take(first).map(str::trim).find(|text| !text.is_empty());
            sample_id = label.unwrap_or("").to_owned();
        }
        let mut scene = self.scene(row, region, &binding.positions, place.block, &grid.name);
        scene.facts.sample_id = &sample_id;
        let mut attributes = Attributes::new();
        for (name, value) in place.block {
            if !RESERVED.contains(&name.as_str()) {
                attributes.insert(name.clone(), value.clone());
            }
        }
        for (name, source) in &region.attributes {
            if let Some(text) = scene.extract(source, name).filter(|text| !text.is_empty()) {
                attributes.insert(name.clone(), text);
            }
        }
        let time_text = region.time.as_ref().and_then(|rule| scene.extract(&rule.from, "time"));
        let time_text = time_text.filter(|text| !text.is_empty());
        // an id that holds from the row above brings its time along
        let time_text = if carried { time_text.or(active.carry_time.clone()) } else { time_text };
        active.carry_time.clone_from(&time_text);
        let asked = (class != Class::Statistics).then_some(&mut questions);
        let measured_at = self.measured_at(active, row, time_text, &mut attributes, asked);
        if sample_id.is_empty() && class != Class::Statistics {
            questions.push("the file does not tell the sample id".to_owned());
        }
        Ok(Common {
            sample_id,
            verbatim,
            class,
            class_unit,
            ruled: is_ruled,
            misfit: binding.misfit(row, grid.name.is_empty()).is_some(),
            measured_at,
            attributes,
            questions,
            claims: self.claims(active, binding, row),
        })
    }

    fn reading(
        &self,
        scene: &Scene<'_>,
        active: &Active<'a>,
        binding: &Binding,
        target: &Target,
        common: &Common,
    ) -> Result<Option<Reading>, Refused> {
        let (region, row) = (active.region, scene.row);
        let (entry, raw) = (&region.values[target.entry], row.stored(target.column));
        let unnamed = target.analyte_column.is_some_and(|at| row.cell(at).trim().is_empty());
        if raw.trim().is_empty() && (entry.empty == Empty::Skip || unnamed) {
            return Ok(None);
        }
        let mut questions = common.questions.clone();
        let (named, channel) = self.name(scene, active, target, &mut questions)?;
        let mut scene = *scene;
        (scene.facts.sample_id, scene.facts.class) = (&common.sample_id, common.class.as_str());
        (scene.facts.analyte, scene.facts.channel) = (&named.analyte, &channel);
        scene.facts.value = row.value(target.column).trim();
        let token = read_token(&scene, active, target, entry);
        let flags = flags(&scene, active, target, token.as_ref());
        scene.facts.flags = &flags;
        questions.extend(unknown_flags(&scene, active));
        let (unit_raw, from_mapping, clash) =
            unit_of(&scene, active, target, &named, token.as_ref(), common.misfit)?;
        questions.extend(clash.into_iter().chain(workbook::of_cell(row, target, token.as_ref())));
        let (unit_raw, from_mapping) = heard(region, target, unit_raw, from_mapping, &mut questions);
        let stated = from_mapping && common.class != Class::Statistics;
        let above = stated.then(|| active.unit_above(&unit_raw, target)).flatten();
        questions.extend(above.into_iter().chain(common.other_unit(region, target, &unit_raw)));
        let unit_raw = common.class_unit.clone().unwrap_or(unit_raw);
        scene.facts.unit = &unit_raw;
        let (qualifier, value, limit) = quality(&scene, active, target, token, raw)?;
        let number = (value.is_some() || limit.is_some()).then_some(raw);
        questions.extend(common.unit_needed(region, &unit_raw, number, &named.analyte)?);
        let (basis, question) = basis_of(&scene, active, target);
        questions.extend(question.into_iter().chain(self.meanings(&flags, raw)?));
        let marks = marks(&scene, active, target, from_mapping && !unit_raw.is_empty());
        let mut reading = Reading {
            row: row.label(),
            reported: entry.reported_when.as_ref().is_none_or(|when| scene.holds(when)),
            sample_id: common.sample_id.clone(),
            class: common.class,
            raw: raw.to_owned(),
            qualifier,
            value,
            unit: unit::normal(&unit_raw, &region.unit_alias),
            basis,
            instrument: self.mapping.instrument.clone(),
            measured_at: common.measured_at.clone(),
            column: u32::try_from(target.column.saturating_add(1)).unwrap_or(0),
            sample_id_verbatim: common.verbatim.clone(),
            occurrence: 1,
            unit_raw,
            limit,
            chosen: None,
            needs_decision: None,
            marks,
            attributes: attributes(row, target, &named, common),
            replicates: replicates(row, active, binding),
            region: region.name.clone(),
            flags,
            analyte: named.analyte,
            channel,
        };
        questions.extend(self.mojibake(&reading));
        questions.iter().for_each(|question| reading.ask(question));
        Ok(Some(reading))
    }
}

fn attributes(row: Row<'_>, target: &Target, named: &Named, common: &Common) -> Attributes {
    let mut attributes = common.attributes.clone();
    attributes.extend(target.attributes.iter().cloned());
    attributes.extend(named.extra.iter().cloned());
    for (name, column) in &target.attribute_columns {
        let text = row.cell(*column).trim();
        if !text.is_empty() {
            attributes.insert(name.clone(), shown(row, *column, text));
        }
    }
    workbook::comment(row, target.column, &mut attributes);
    attributes
}
