//! Shares of shares: the assay of a size class, of the solids of a slurry.
//!
//! A component `c` that is a share of another, `k`, has the amount F·x_k·x_c. So that every row stays
//! bilinear, the amount of each component that has shares of its own is a variable, never measured:
//! A_k = F·x_k. The balance of `k` is then linear in A_k, and that of `c` the sum of A_k·x_c.
//! A total says that the assay of the whole is that of its parts, x = Σ x_k·x_c.

use crate::flowsheet::Flowsheet;
use crate::model::{Model, Row, Statement, Variable, What};
use crate::{Given, Of, Wrong};

impl Model {
    /// What multiplied gives a variable: for an amount the flow and the shares, for anything else itself.
    pub fn links(&self, i: usize) -> Vec<usize> {
        match self.variables[i].what {
            What::Amount { stream, of } => self.factors(stream, of),
            _ => vec![i],
        }
    }

    /// The flow and the shares that multiplied give the amount of a quantity in a stream.
    pub fn factors(&self, stream: usize, of: usize) -> Vec<usize> {
        self.sheet.chain(of).into_iter().map(|of| self.at(stream, of)).collect()
    }

    /// The amount of a quantity in a stream, at some values.
    pub fn amount(&self, v: &[f64], stream: usize, of: usize) -> f64 {
        self.factors(stream, of).into_iter().map(|i| v[i]).product()
    }

    /// Puts every amount to what its flow and shares say.
    pub fn settle_amounts(&self, v: &mut [f64]) {
        for i in 0..self.variables.len() {
            if let What::Amount { stream, of } = self.variables[i].what {
                v[i] = self.amount(v, stream, of);
            }
        }
    }

    /// The variable that a share is a share of.
    pub fn whole(&self, stream: usize, of: usize) -> usize {
        match self.sheet.parent[of] {
            0 => self.at(stream, 0),
            parent => self.amounts[parent].map_or(usize::MAX, |first| first + stream),
        }
    }

    /// Variables for the amounts of what has shares of its own.
    pub(crate) fn name_amounts(&mut self) {
        let width = self.sheet.width();
        self.amounts = vec![None; width];
        for of in (1..width).filter(|&of| has_shares(&self.sheet, of)) {
            self.amounts[of] = Some(self.variables.len());
            for stream in 0..self.sheet.streams.len() {
                let lower = if self.sheet.conserves[of - 1] { 0.0 } else { f64::NEG_INFINITY };
                let what = What::Amount { stream, of };
                let upper = f64::INFINITY;
                self.variables.push(Variable { what, measured: None, fixed: None, lower, upper });
            }
        }
    }

    /// The rows that say what the amounts are.
    pub(crate) fn define_amounts(&mut self) {
        for of in 1..self.sheet.width() {
            let Some(first) = self.amounts[of] else { continue };
            for stream in 0..self.sheet.streams.len() {
                let products = vec![(-1.0, self.whole(stream, of), self.at(stream, of))];
                let linear = vec![(first + stream, 1.0)];
                self.rows.push(Row::new(Statement::Amount { stream, of }, linear, products, 0.0));
            }
        }
    }

    /// The rows of `totals`.
    pub(crate) fn totals(&mut self, given: &Given) -> Result<(), Wrong> {
        for (number, total) in given.totals.iter().enumerate() {
            let told = || format!("total {} of `totals`", number + 1);
            if !(total.whole.is_finite() && total.whole > 0.0) {
                return Err(Wrong::NotFinite { place: told(), what: "`whole`", value: total.whole });
            }
            let sum = self.sheet.of(&Of::Component(total.component.clone()), told)?;
            let mut parts = Vec::new();
            for name in &total.parts {
                let part = self.sheet.of(&Of::Component(name.clone()), told)?;
                let between = self.sheet.parent[part];
                let direct = between == self.sheet.parent[sum];
                if part == sum
                    || between == sum
                    || !(direct || self.sheet.parent[between] == self.sheet.parent[sum])
                {
                    let (component, part) = (total.component.clone(), name.clone());
                    return Err(Wrong::TotalPart { number: number + 1, component, part });
                }
                parts.push((part, (!direct).then_some(between)));
            }
            parts.sort_unstable();
            parts.dedup();
            if parts.is_empty() {
                return Err(Wrong::NoTerms(told()));
            }
            for stream in self.sheet.listed(total.streams.as_deref(), told)? {
                let mut row = Row::new(
                    Statement::Total { total: number, stream },
                    vec![(self.at(stream, sum), total.whole)],
                    Vec::new(),
                    0.0,
                );
                for &(part, between) in &parts {
                    match between {
                        None => row.linear.push((self.at(stream, part), -total.whole)),
                        Some(of) => row.products.push((-1.0, self.at(stream, of), self.at(stream, part))),
                    }
                }
                self.rows.push(row);
            }
            if total.streams.is_none() {
                self.implied_by(sum, &parts);
            }
        }
        Ok(())
    }

    /// At a node where all parts of a total conserve, its balance follows from theirs. Away from the solution
    /// it does not, so it must not bind; it stays as a row that is only looked at.
    fn implied_by(&mut self, sum: usize, parts: &[(usize, Option<usize>)]) {
        let follows = |node: usize| parts.iter().all(|&(part, _)| self.sheet.conserved(part, node));
        let known = |i: usize| self.variables[i].measured.is_some() || self.variables[i].fixed.is_some();
        let gained = |row: &Row| row.linear.iter().any(|&(i, _)| self.is_gain(i) && known(i));
        let bound =
            |what: Statement| matches!(what, Statement::Balance { of, node } if of == sum && follows(node));
        let implied: Vec<usize> = (0..self.rows.len())
            .filter(|&r| bound(self.rows[r].what))
            .filter(|&r| !gained(&self.rows[r]))
            .collect();
        for r in implied {
            self.rows[r].implied = true;
        }
    }

    fn is_gain(&self, i: usize) -> bool {
        matches!(self.variables[i].what, What::Gain { .. })
    }
}

fn has_shares(sheet: &Flowsheet, of: usize) -> bool {
    (1..sheet.width()).any(|other| sheet.parent[other] == of)
}
