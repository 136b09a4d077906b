//! Replicate rows: which group a row belongs to, and which replicates cannot be read; and what a reading is
//! asked about beside its value.

use crate::analyte::Named;
use crate::bind::Binding;
use crate::engine::{Active, Gap, Part, Walk};
use crate::mapping::{Consequence, Role};
use crate::open::Row;
use crate::reading::{Outcome, Reading};
use crate::row::{Common, Refused};
use crate::statistic::likeness;
use crate::text::{same_label, short};

impl<'a> Walk<'a> {
    /// Whether the row is a reading of its own, a replicate or a statistic of replicates; and its group.
    pub(crate) fn part(
        &mut self,
        active: &mut Active<'a>,
        binding: &Binding,
        row: Row<'a>,
        common: &Common,
    ) -> Result<(Option<Part>, u32), Outcome> {
        if active.region.role == Role::Intensity {
            return Ok((Some(Part::Attribute(active.region.attribute_name.clone())), 0));
        }
        let Some(rule) = &active.region.replicate_rows else { return Ok((None, 0)) };
        let label = self.label(active, binding, row);
        let owner = format!("{}\u{1f}{}", active.block_number, common.sample_id);
        if active.group_of != owner || !active.labels.insert(label.clone()) {
            active.group_of = owner;
            active.labels.clear();
            active.labels.insert(label.clone());
            self.groups += 1;
        }
        let part = if rule.reading.iter().any(|one| same_label(one, &label)) {
            None
        } else if let Some((_, name)) = rule.attributes.iter().find(|(one, _)| same_label(one, &label)) {
            Some(Part::Attribute(name.clone()))
        } else if rule.replicate.as_ref().is_some_and(|pattern| pattern.is_match(&label)) {
            Some(Part::Replicate)
        } else {
            self.gap(active, None, &label);
            let reason = format!("the row label {:?} is not named in [replicate_rows]", short(&label));
            return Err(Outcome::Refused { reason });
        };
        Ok((part, self.groups))
    }

    /// Takes note of a replicate that cannot be read, for a mean that is computed of the others.
    pub(crate) fn gap(&mut self, active: &Active<'a>, named: Option<(Named, String)>, token: &str) {
        let named = named.map(|(named, channel)| (named.analyte, channel));
        let computed = active.region.replicate_rows.as_ref().is_some_and(|rule| rule.compute);
        // a row that calls itself a mean or a deviation is no replicate
        if computed && (named.is_some() || likeness(token).is_none()) {
            self.gaps.push(Gap { region: active.index, group: self.groups, named, token: token.to_owned() });
        }
    }

    /// An empty row of a group of replicates.
    pub(crate) fn is_replicate(&self, active: &Active<'a>, binding: &Binding, row: Row<'a>) -> bool {
        let pattern = active.region.replicate_rows.as_ref().and_then(|rule| rule.replicate.as_ref());
        let label = self.label(active, binding, row);
        !active.carry.is_empty() && !label.is_empty() && pattern.is_some_and(|one| one.is_match(&label))
    }

    fn label(&self, active: &Active<'a>, binding: &Binding, row: Row<'a>) -> String {
        let rule = active.region.replicate_rows.as_ref();
        let at = rule.and_then(|rule| binding.positions[rule.column.0]);
        at.map_or(String::new(), |at| row.cell(at).trim().to_owned())
    }

    /// A text of the reading that was decoded by a fallback which may be wrong.
    pub(crate) fn mojibake(&self, reading: &Reading) -> Option<String> {
        let doubt = self.misread.as_ref()?;
        let texts = [
            &reading.sample_id_verbatim,
            &reading.analyte,
            &reading.unit_raw,
            &reading.channel,
            &reading.raw,
        ];
        let text = texts.into_iter().find(|text| !text.is_ascii())?;
        Some(format!("{:?} {doubt}", short(text)))
    }

    /// What the mapping says about the flags: a question, or a refusal.
    pub(crate) fn meanings(&self, flags: &[String], raw: &str) -> Result<Vec<String>, Refused> {
        let mut questions = Vec::new();
        for meaning in self.mapping.meanings.iter().filter(|meaning| flags.contains(&meaning.flag)) {
            match meaning.consequence {
                Consequence::Information => {}
                Consequence::Hold => questions.push(format!("flag {:?}: {}", meaning.flag, meaning.text)),
                Consequence::Refuse => {
                    let reason = format!("flag {:?}: {}", meaning.flag, meaning.text);
                    return Err(Refused::new(raw.trim(), reason));
                }
            }
        }
        Ok(questions)
    }
}
