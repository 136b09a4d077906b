//! The sheets beside the flowsheet: stock, what adds up, what is a share of what, equations.

use super::number::{Token, deviation};
use super::{Reader, SheetError};
use crate::{Component, Given, Inventory, Name, Of, Set, Sum, Total};

impl Reader<'_> {
    /// The given that a row belongs to: the whole, or that of its set.
    pub(super) fn of_set<'g>(
        &self,
        row: u64,
        cells: &[String],
        given: &'g mut Given,
    ) -> Result<Option<&'g mut Set>, SheetError> {
        let Some(column) = self.head.set else { return Ok(None) };
        let name = self.text(row, cells, column)?;
        let at = match given.sets.iter().position(|set| set.name == name) {
            Some(at) => at,
            None => {
                let (measurements, inventory, fixed, bounds) = Default::default();
                given.sets.push(Set { name, measurements, inventory, fixed, bounds });
                given.sets.len() - 1
            }
        };
        Ok(given.sets.get_mut(at))
    }

    pub(super) fn inventory(&self, given: &mut Given) -> Result<(), SheetError> {
        for (row, cells) in self.rows() {
            let node = self.text(row, cells, self.head.node)?;
            let of = cells.get(self.head.of).map_or("", |cell| cell.trim());
            let of = if of.is_empty() { Of::Flow } else { Of::from(of) };
            let column = self.head.value.unwrap_or_default();
            let Token::Value(change) = self.number(row, cells, column)? else {
                return Err(self.error(row, column, "a change of stock is a plain number".to_owned()));
            };
            let sd_text = self.head.sd.and_then(|sd| cells.get(sd)).map_or("", String::as_str);
            let sd = match self.head.sd.filter(|_| !sd_text.trim().is_empty()) {
                None => None,
                Some(sd) => {
                    let percent = self.head.percent.contains(&sd);
                    Some(deviation(sd_text, change, percent).map_err(|why| self.error(row, sd, why))?)
                }
            };
            let gain = Inventory { node, of, change, sd };
            match self.of_set(row, cells, given)? {
                Some(set) => set.inventory.push(gain),
                None => given.inventory.push(gain),
            }
        }
        Ok(())
    }

    pub(super) fn sums(&self, given: &mut Given) -> Result<(), SheetError> {
        for (row, cells) in self.rows() {
            let components = names(&self.text(row, cells, self.head.stream)?.0);
            let Token::Value(to) = self.number(row, cells, self.head.to)? else {
                return Err(self.error(
                    row,
                    self.head.to,
                    "what they add up to is a plain number".to_owned(),
                ));
            };
            given.sums.push(Sum { components, to, streams: None });
        }
        Ok(())
    }

    /// What each component is a share of, and where it is not conserved.
    pub(super) fn components(&self, given: &mut Given) -> Result<(), SheetError> {
        for (row, cells) in self.rows() {
            let name = self.text(row, cells, self.head.stream)?;
            let cell = |column: Option<usize>| {
                column.and_then(|column| cells.get(column)).map(|cell| cell.trim()).unwrap_or_default()
            };
            let (of, except) = (cell(self.head.share), names(cell(self.head.except)));
            let of = (!of.is_empty())
                .then(|| Name(of.to_owned()))
                .filter(|of| Of::from(of.0.as_str()) != Of::Flow);
            let component = Component { of, except, ..Component::named(name) };
            match given.components.iter_mut().find(|known| known.name == component.name) {
                Some(known) => *known = component,
                None => given.components.push(component),
            }
        }
        Ok(())
    }

    pub(super) fn totals(&self, given: &mut Given) -> Result<(), SheetError> {
        for (row, cells) in self.rows() {
            let component = self.text(row, cells, self.head.stream)?;
            let parts = names(&self.text(row, cells, self.head.of)?.0);
            let whole = match self.head.value.map(|column| self.number(row, cells, column)).transpose()? {
                None | Some(Token::Blank) => 1.0,
                Some(Token::Value(whole)) => whole,
                Some(_) => {
                    let column = self.head.value.unwrap_or_default();
                    return Err(self.error(row, column, "a whole is a plain number, 1 or 100".to_owned()));
                }
            };
            given.totals.push(Total { component, parts, whole, streams: None });
        }
        Ok(())
    }

    pub(super) fn constraints(&self, given: &mut Given) -> Result<(), SheetError> {
        for (row, cells) in self.rows() {
            let text = self.text(row, cells, self.head.stream)?;
            let constraint = text.0.parse().map_err(|why| self.error(row, self.head.stream, why))?;
            given.constraints.push(constraint);
        }
        Ok(())
    }
}

/// Names in one cell.
fn names(text: &str) -> Vec<Name> {
    (text.split([',', ';', '，', '；', '、', '+']))
        .map(|name| Name(name.trim().to_owned()))
        .filter(|name| !name.0.is_empty())
        .collect()
}
