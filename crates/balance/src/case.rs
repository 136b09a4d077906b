//! Cases as the literature writes them: a matrix of balances, vectors of values and deviations.
//!
//! The files of the shared data folder (`kind` `linear_wls`, `bilinear_wls`, `bench_bilinear`) hold such
//! cases; each becomes a [`Given`], with streams `s0`, `s1` …, nodes `n0` … and components `c0` … where the
//! case has no names.

use serde::Deserialize;

use crate::{Bound, Component, Constraint, Given, Measurement, Name, Of, Stream, Sum, Term, Wrong};

/// A case: its kind and its inputs; whatever else the file holds is left alone.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", content = "inputs", rename_all = "snake_case")]
pub enum Case {
    /// Flows only.
    LinearWls(Matrix),
    /// Flows and assays.
    BilinearWls(Matrix),
    /// The same, with streams by their ends.
    BenchBilinear(Matrix),
}

/// Vectors and a matrix, or streams.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Matrix {
    /// Balances by rows: +1 into the node and −1 out, or the reverse in a row.
    #[serde(rename = "A")]
    pub a: Vec<Vec<f64>>,
    /// Streams by their ends, in place of the matrix.
    pub streams: Vec<Ends>,
    /// Names of the streams.
    pub names: Vec<Name>,
    /// Values of a linear case, or flows.
    #[serde(alias = "F")]
    pub y: Vec<Option<f64>>,
    /// Their standard deviations.
    #[serde(alias = "sF")]
    pub sigma: Vec<Option<f64>>,
    /// Assays of each stream.
    #[serde(rename = "X")]
    pub x: Vec<Vec<Option<f64>>>,
    /// Their standard deviations.
    #[serde(rename = "sX")]
    pub sx: Vec<Vec<Option<f64>>>,
    /// Names of the components.
    pub components: Vec<Name>,
    /// Streams whose flow is not measured, by number.
    pub unmeasured: Vec<usize>,
    /// From which number streams are counted.
    pub index_base: usize,
    /// Whether the assays of a stream add up to 1.
    pub normalised: bool,
}

/// The ends of a stream.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Ends {
    /// Its name.
    #[serde(default)]
    pub name: Option<Name>,
    /// The node it leaves.
    #[serde(default, alias = "frm")]
    pub from: Option<Name>,
    /// The node it enters.
    #[serde(default)]
    pub to: Option<Name>,
}

impl Case {
    /// As a flowsheet with measurements.
    ///
    /// # Errors
    /// [`Wrong::Case`] when the vectors do not fit together, or the matrix of a bilinear case is not one of a
    /// flowsheet. A linear case is plain least squares: its values may be negative, its rows may be any.
    pub fn given(&self) -> Result<Given, Wrong> {
        match self {
            Case::BilinearWls(inputs) | Case::BenchBilinear(inputs) => inputs.given(inputs.streams()?),
            Case::LinearWls(inputs) => {
                let flowsheet = inputs.streams();
                let plain = matches!(&flowsheet, Ok(streams) if inputs.a.is_empty() || fed(streams));
                let mut given =
                    inputs.given(if plain { flowsheet? } else { inputs.apart(flowsheet.err())? })?;
                if !plain {
                    let rows = inputs.a.iter().filter(|row| row.iter().any(|factor| *factor != 0.0));
                    given.constraints = rows.map(|row| constraint(&given.streams, row)).collect();
                }
                given.bounds = given.streams.iter().map(unbounded).collect();
                Ok(given)
            }
        }
    }
}

/// Whether something comes in from outside, and every stream is in some balance.
fn fed(streams: &[Stream]) -> bool {
    streams.iter().any(|stream| stream.from.is_none())
        && streams.iter().all(|stream| stream.from.is_some() || stream.to.is_some())
}

/// A row of the matrix as a constraint.
fn constraint(streams: &[Stream], row: &[f64]) -> Constraint {
    let terms = streams.iter().zip(row).filter(|(_, factor)| **factor != 0.0);
    let term =
        |(stream, &factor): (&Stream, &f64)| Term { stream: stream.name.clone(), of: Of::Flow, factor };
    Constraint { terms: terms.map(term).collect(), equals: 0.0 }
}

fn unbounded(stream: &Stream) -> Bound {
    Bound { stream: stream.name.clone(), of: Of::Flow, lower: Some(f64::NEG_INFINITY), upper: None }
}

impl Matrix {
    fn streams(&self) -> Result<Vec<Stream>, Wrong> {
        if self.streams.is_empty() { self.by_matrix() } else { Ok(self.by_ends()) }
    }

    /// Streams that no node binds, for a matrix that is not one of a flowsheet.
    fn apart(&self, why: Option<Wrong>) -> Result<Vec<Stream>, Wrong> {
        let columns = self.a.first().map_or(0, Vec::len);
        if self.a.iter().any(|row| row.len() != columns) {
            return Err(why.unwrap_or(Wrong::NoStreams));
        }
        let node = || Some(Name("plant".to_owned()));
        Ok((0..columns).map(|s| Stream { name: self.name(s), from: node(), to: node() }).collect())
    }

    fn given(&self, streams: Vec<Stream>) -> Result<Given, Wrong> {
        let wrong = |what: String| Err(Wrong::Case(what));
        if self.y.len() != streams.len() || self.sigma.len() != streams.len() {
            let (y, sigma) = (self.y.len(), self.sigma.len());
            return wrong(format!("{} streams, {y} values and {sigma} deviations", streams.len()));
        }
        if self.x.len() != self.sx.len() || !(self.x.is_empty() || self.x.len() == streams.len()) {
            return wrong(format!("assays of {} streams, of {} in all", self.x.len(), streams.len()));
        }
        let width = self.x.first().map_or(0, Vec::len);
        if self.x.iter().zip(&self.sx).any(|(x, sx)| x.len() != width || sx.len() != width) {
            return wrong(format!("a row of assays has not {width} of them, with deviations"));
        }
        let component = |c: usize| self.components.get(c).cloned().unwrap_or_else(|| Name(format!("c{c}")));
        let mut given = Given { streams, ..Given::default() };
        given.components = (0..width).map(|c| Component::named(component(c))).collect();
        for s in 0..given.streams.len() {
            let stream = given.streams[s].name.clone();
            let mut measure = |of: Of, value: Option<f64>, sd: Option<f64>| {
                if value.is_some() && sd.is_some() {
                    let stream = stream.clone();
                    given.measurements.push(Measurement { stream, of, value, sd, below: None, above: None });
                }
            };
            if !self.unmeasured.contains(&(s + self.index_base)) {
                measure(Of::Flow, self.y[s], self.sigma[s]);
            }
            for c in 0..width {
                measure(Of::Component(component(c)), self.x[s][c], self.sx[s][c]);
            }
        }
        if self.normalised {
            let components = (0..width).map(component).collect();
            given.sums.push(Sum { components, to: 1.0, streams: None });
        }
        Ok(given)
    }

    fn name(&self, stream: usize) -> Name {
        self.names.get(stream).cloned().unwrap_or_else(|| Name(format!("s{stream}")))
    }

    fn by_ends(&self) -> Vec<Stream> {
        let stream = |(s, ends): (usize, &Ends)| Stream {
            name: ends.name.clone().unwrap_or_else(|| self.name(s)),
            from: ends.from.clone(),
            to: ends.to.clone(),
        };
        self.streams.iter().enumerate().map(stream).collect()
    }

    /// Each row is turned so that every stream enters one node and leaves another.
    fn by_matrix(&self) -> Result<Vec<Stream>, Wrong> {
        let columns = self.a.first().map_or(0, Vec::len);
        let bad = |what: String| Wrong::Case(what);
        if self.a.iter().any(|row| row.len() != columns) {
            return Err(bad("the rows of `A` differ in length".to_owned()));
        }
        let touched = |column: usize| -> Vec<(usize, f64)> {
            (0..self.a.len()).map(|r| (r, self.a[r][column])).filter(|(_, value)| *value != 0.0).collect()
        };
        let columns: Vec<Vec<(usize, f64)>> = (0..columns).map(touched).collect();
        for (s, column) in columns.iter().enumerate() {
            if column.len() > 2 || column.iter().any(|(_, value)| value.abs() != 1.0) {
                return Err(bad(format!(
                    "column {s} of `A` is not that of a stream: one +1 and one −1 at most"
                )));
            }
        }
        let mut sign = vec![0.0; self.a.len()];
        for first in 0..sign.len() {
            if sign[first] != 0.0 {
                continue;
            }
            sign[first] = 1.0;
            let mut waiting = vec![first];
            while let Some(row) = waiting.pop() {
                for column in columns.iter().filter(|column| column.iter().any(|(r, _)| *r == row)) {
                    let own = column.iter().find(|(r, _)| *r == row).map_or(0.0, |(_, value)| *value);
                    for &(other, value) in column.iter().filter(|(r, _)| *r != row) {
                        let wanted = -own * sign[row] / value;
                        if sign[other] == 0.0 {
                            sign[other] = wanted;
                            waiting.push(other);
                        } else if sign[other] != wanted {
                            return Err(bad(format!("row {other} of `A` cannot be a node's balance")));
                        }
                    }
                }
            }
        }
        let node = |row: usize| Name(format!("n{row}"));
        let end = |column: &[(usize, f64)], side: f64| {
            column.iter().find(|(r, value)| value * sign[*r] == side).map(|(r, _)| node(*r))
        };
        let stream = |(s, column): (usize, &Vec<(usize, f64)>)| Stream {
            name: self.name(s),
            from: end(column, -1.0),
            to: end(column, 1.0),
        };
        Ok(columns.iter().enumerate().map(stream).collect())
    }
}
