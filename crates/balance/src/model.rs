//! The problem by numbers: quantities with what is known of them, and rows that must be zero.

use crate::flowsheet::Flowsheet;
use crate::wrong::place;
use crate::{Given, Measurement, Of, Wrong};

/// What a variable is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// The flow (`of` 0) or a component of a stream.
    Quantity { stream: usize, of: usize },
    /// The amount of a component that has shares of its own: flow × share.
    Amount { stream: usize, of: usize },
    /// What a node gained of the flow or a component.
    Gain { node: usize, of: usize },
    /// What a node loses by a leak that is admitted, with the composition of what enters it.
    Leak { node: usize },
}

/// What is known of a variable.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Variable {
    pub what: What,
    /// Value and standard deviation.
    pub measured: Option<(f64, f64)>,
    /// Known without error.
    pub fixed: Option<f64>,
    pub lower: f64,
    pub upper: f64,
}

/// What a row states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Statement {
    /// In − out − gain of a node.
    Balance { node: usize, of: usize },
    /// What an amount is.
    Amount { stream: usize, of: usize },
    /// Components of a stream add up.
    Sum { sum: usize, stream: usize },
    /// A component of a stream is the sum of others.
    Total { total: usize, stream: usize },
    /// A constraint of the input.
    Further(usize),
}

/// A row: constant + Σ factor·v + Σ factor·flow·share = 0.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub what: Statement,
    pub linear: Vec<(usize, f64)>,
    pub products: Vec<(f64, usize, usize)>,
    pub constant: f64,
    /// It follows from others where all of them hold: looked at, but it binds nothing.
    pub implied: bool,
}

/// The whole problem.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    pub sheet: Flowsheet,
    pub variables: Vec<Variable>,
    pub rows: Vec<Row>,
    /// By `of`: the first of the variables of its amounts, one a stream, where it has shares of its own.
    pub amounts: Vec<Option<usize>>,
    /// Feeds that were put to 1 because no flow is known in their part.
    pub relative_to: Vec<usize>,
    /// What 1 of each variable is in the unit of the input.
    pub unit: Vec<f64>,
    /// And of each row.
    pub row_unit: Vec<f64>,
    /// And of the flows at each node.
    pub flow_unit: Vec<f64>,
    /// What is usual of each variable's kind, in its own size: about 1.
    pub usual: Vec<f64>,
    /// And of the flows at each node.
    pub usual_flow: Vec<f64>,
}

impl Row {
    /// A row that binds.
    pub fn new(
        what: Statement,
        linear: Vec<(usize, f64)>,
        products: Vec<(f64, usize, usize)>,
        constant: f64,
    ) -> Self {
        Row { what, linear, products, constant, implied: false }
    }

    /// Its value, and the sum of its terms' sizes.
    pub fn value(&self, v: &[f64]) -> (f64, f64) {
        let (mut sum, mut size) = (self.constant, self.constant.abs());
        for &(i, factor) in &self.linear {
            sum += factor * v[i];
            size += (factor * v[i]).abs();
        }
        for &(factor, f, x) in &self.products {
            sum += factor * v[f] * v[x];
            size += (factor * v[f] * v[x]).abs();
        }
        (sum, size)
    }

    /// Its derivatives, one entry a variable, in order.
    pub fn slope(&self, v: &[f64]) -> Vec<(usize, f64)> {
        let mut slope: Vec<(usize, f64)> = self.linear.clone();
        for &(factor, f, x) in &self.products {
            slope.push((f, factor * v[x]));
            slope.push((x, factor * v[f]));
        }
        slope.sort_unstable_by_key(|&(i, _)| i);
        slope.dedup_by(|later, first| {
            let same = later.0 == first.0;
            if same {
                first.1 += later.1;
            }
            same
        });
        slope
    }
}

impl Model {
    /// Reads the input.
    pub fn read(given: &Given) -> Result<Self, Wrong> {
        for (option, value) in [("confidence", given.options.confidence), ("power", given.options.power)] {
            if !(value > 0.0 && value < 1.0) {
                return Err(Wrong::Option { option, value });
            }
        }
        if !given.sets.is_empty() {
            return Err(Wrong::Sets);
        }
        let sheet = Flowsheet::read(given)?;
        let variables = (0..sheet.streams.len())
            .flat_map(|stream| (0..sheet.width()).map(move |of| What::Quantity { stream, of }))
            .map(|what| Variable::unknown(what, &sheet))
            .collect();
        let mut model = Model {
            sheet,
            variables,
            rows: Vec::new(),
            amounts: Vec::new(),
            relative_to: Vec::new(),
            unit: Vec::new(),
            row_unit: Vec::new(),
            flow_unit: Vec::new(),
            usual: Vec::new(),
            usual_flow: Vec::new(),
        };
        model.name_amounts();
        for measurement in &given.measurements {
            model.measure(measurement)?;
        }
        model.fix(given)?;
        model.bound(given)?;
        model.not_empty(given)?;
        model.balances(given)?;
        model.define_amounts();
        model.sums(given)?;
        model.totals(given)?;
        model.further(given)?;
        model.relative();
        model.take_own_sizes(given);
        Ok(model)
    }

    /// The number of a quantity.
    pub fn at(&self, stream: usize, of: usize) -> usize {
        stream * self.sheet.width() + of
    }

    fn quantity(&self, stream: &crate::Name, of: &Of, role: &str) -> Result<usize, Wrong> {
        let told = || format!("{role} of {}", place(stream, of));
        Ok(self.at(self.sheet.stream(stream, told)?, self.sheet.of(of, told)?))
    }

    fn measure(&mut self, given: &Measurement) -> Result<(), Wrong> {
        let i = self.quantity(&given.stream, &given.of, "a measurement")?;
        let place = || place(&given.stream, &given.of);
        for (what, value) in [("the value", given.value), ("`below`", given.below), ("`above`", given.above)]
        {
            finite(place, what, value.unwrap_or(0.0))?;
        }
        let variable = &mut self.variables[i];
        if variable.measured.is_some() || variable.censored() {
            return Err(Wrong::Twice { place: place(), first: "measured", second: "measured" });
        }
        match (given.value, given.sd, given.below, given.above) {
            (Some(_), None, None, None) => return Err(Wrong::NoSd { place: place() }),
            (Some(value), Some(sd), None, None) => {
                finite(place, "the standard deviation", sd)?;
                if sd <= 0.0 {
                    return Err(Wrong::Sd { place: place(), sd });
                }
                variable.measured = Some((value, sd));
            }
            (None, _, Some(below), None) => variable.upper = below,
            (None, _, None, Some(above)) => variable.lower = above,
            _ => return Err(Wrong::Unclear { place: place() }),
        }
        if variable.lower > variable.upper {
            let (lower, upper) = (variable.lower, variable.upper);
            return Err(Wrong::Bounds { place: place(), lower, upper });
        }
        Ok(())
    }

    fn fix(&mut self, given: &Given) -> Result<(), Wrong> {
        for fixed in &given.fixed {
            let i = self.quantity(&fixed.stream, &fixed.of, "`fixed`")?;
            let place = || place(&fixed.stream, &fixed.of);
            finite(place, "the fixed value", fixed.value)?;
            let variable = &mut self.variables[i];
            let first = match (variable.measured, variable.fixed) {
                (Some(_), _) => "measured",
                (_, Some(_)) => "fixed",
                _ => {
                    variable.fixed = Some(fixed.value);
                    continue;
                }
            };
            return Err(Wrong::Twice { place: place(), first, second: "fixed" });
        }
        Ok(())
    }

    fn bound(&mut self, given: &Given) -> Result<(), Wrong> {
        for bound in &given.bounds {
            let i = self.quantity(&bound.stream, &bound.of, "a bound")?;
            let variable = &mut self.variables[i];
            let nan = |bound: Option<f64>| bound.is_some_and(f64::is_nan);
            if nan(bound.lower) || nan(bound.upper) {
                let place = place(&bound.stream, &bound.of);
                return Err(Wrong::NotFinite { place, what: "a bound", value: f64::NAN });
            }
            if let Some(lower) = bound.lower {
                let censored = variable.lower > 0.0;
                variable.lower = if censored { variable.lower.max(lower) } else { lower };
            }
            if let Some(upper) = bound.upper {
                variable.upper = variable.upper.min(upper);
            }
            let (lower, upper) = (variable.lower, variable.upper);
            if lower > upper {
                return Err(Wrong::Bounds { place: place(&bound.stream, &bound.of), lower, upper });
            }
        }
        Ok(())
    }

    fn not_empty(&self, given: &Given) -> Result<(), Wrong> {
        for (c, name) in self.sheet.components.iter().enumerate() {
            let known = (0..self.sheet.streams.len()).any(|s| {
                let variable = &self.variables[self.at(s, 1 + c)];
                variable.measured.is_some() || variable.fixed.is_some() || variable.upper.is_finite()
            });
            let summed = given.sums.iter().any(|sum| sum.components.contains(name))
                || given.totals.iter().any(|of| of.component == *name || of.parts.contains(name));
            if !known && !summed {
                return Err(Wrong::EmptyComponent(name.clone()));
            }
        }
        Ok(())
    }

    fn balances(&mut self, given: &Given) -> Result<(), Wrong> {
        let (width, nodes) = (self.sheet.width(), self.sheet.nodes.len());
        let mut gains: Vec<Option<usize>> = vec![None; nodes * width];
        for gain in &given.inventory {
            let told = || format!("`inventory` of node `{}`", gain.node);
            let node = self.sheet.node(&gain.node, told)?;
            let of = self.sheet.of(&gain.of, told)?;
            finite(told, "the change", gain.change)?;
            if let Some(sd) = gain.sd {
                finite(told, "the standard deviation", sd)?;
                if sd <= 0.0 {
                    return Err(Wrong::Sd { place: told(), sd });
                }
            }
            if gains[node * width + of].is_some() {
                return Err(Wrong::Twice { place: told(), first: "given", second: "given" });
            }
            let measured = gain.sd.map(|sd| (gain.change, sd));
            let fixed = if measured.is_none() { Some(gain.change) } else { None };
            gains[node * width + of] = Some(self.gain(node, of, measured, fixed));
        }
        for node in 0..nodes {
            for of in 1..width {
                if gains[node * width].is_some() && gains[node * width + of].is_none() {
                    gains[node * width + of] = Some(self.gain(node, of, None, None));
                }
            }
        }
        let mut rows: Vec<Row> = (0..nodes * width)
            .map(|at| Statement::Balance { node: at / width, of: at % width })
            .map(|what| Row::new(what, Vec::new(), Vec::new(), 0.0))
            .collect();
        for (s, &(from, to)) in self.sheet.ends.iter().enumerate() {
            if from == to {
                continue;
            }
            for (node, factor) in [(to, 1.0), (from, -1.0)] {
                let Some(node) = node else { continue };
                rows[node * width].linear.push((self.at(s, 0), factor));
                for of in 1..width {
                    let row = &mut rows[node * width + of];
                    match self.amounts[of] {
                        Some(first) => row.linear.push((first + s, factor)),
                        None => row.products.push((factor, self.whole(s, of), self.at(s, of))),
                    }
                }
            }
        }
        for (row, gain) in rows.iter_mut().zip(gains) {
            row.linear.extend(gain.map(|gain| (gain, -1.0)));
        }
        rows.retain(|row| match row.what {
            Statement::Balance { of, node } => self.sheet.conserved(of, node),
            _ => true,
        });
        self.rows = rows;
        Ok(())
    }

    fn gain(&mut self, node: usize, of: usize, measured: Option<(f64, f64)>, fixed: Option<f64>) -> usize {
        let (lower, upper) = (f64::NEG_INFINITY, f64::INFINITY);
        self.variables.push(Variable { what: What::Gain { node, of }, measured, fixed, lower, upper });
        self.variables.len() - 1
    }

    fn sums(&mut self, given: &Given) -> Result<(), Wrong> {
        for (number, sum) in given.sums.iter().enumerate() {
            let told = || format!("sum {} of `sums`", number + 1);
            finite(told, "`to`", sum.to)?;
            let mut parts = Vec::new();
            for name in &sum.components {
                parts.push(self.sheet.of(&Of::Component(name.clone()), told)?);
            }
            parts.sort_unstable();
            parts.dedup();
            if parts.is_empty() {
                return Err(Wrong::NoTerms(told()));
            }
            for stream in self.sheet.listed(sum.streams.as_deref(), told)? {
                let linear = parts.iter().map(|&of| (self.at(stream, of), 1.0)).collect();
                let what = Statement::Sum { sum: number, stream };
                self.rows.push(Row::new(what, linear, Vec::new(), -sum.to));
            }
        }
        Ok(())
    }

    fn further(&mut self, given: &Given) -> Result<(), Wrong> {
        for (number, constraint) in given.constraints.iter().enumerate() {
            let told = || format!("constraint {} of `constraints`", number + 1);
            finite(told, "`equals`", constraint.equals)?;
            let mut linear = Vec::new();
            for term in &constraint.terms {
                finite(told, "a factor", term.factor)?;
                linear.push((self.quantity(&term.stream, &term.of, &told())?, term.factor));
            }
            linear.retain(|&(_, factor)| factor != 0.0);
            if linear.is_empty() {
                return Err(Wrong::NoTerms(told()));
            }
            let what = Statement::Further(number);
            self.rows.push(Row::new(what, linear, Vec::new(), -constraint.equals));
        }
        Ok(())
    }

    /// Where no flow is known in a part, its flows are relative: the first feed is put to 1.
    fn relative(&mut self) {
        if self.sheet.components.is_empty() {
            return;
        }
        for part in self.sheet.parts() {
            let nodes = self.sheet.nodes_of(&part);
            let of_flow = |v: &Variable| match v.what {
                What::Amount { .. } => false,
                What::Quantity { stream, of } => of == 0 && part.binary_search(&stream).is_ok(),
                What::Gain { node, .. } | What::Leak { node } => nodes.contains(&node),
            };
            let known = |v: &Variable| {
                v.measured.is_some() || v.fixed.is_some() || v.upper.is_finite() || v.lower > 0.0
            };
            let flows: Vec<&Variable> = self.variables.iter().filter(|v| of_flow(v)).collect();
            let tied = self.rows.iter().any(|row| {
                matches!(row.what, Statement::Further(_))
                    && row.linear.iter().any(|&(i, _)| of_flow(&self.variables[i]))
            });
            if tied || flows.iter().any(|v| known(v)) {
                continue;
            }
            let feed = part.iter().find(|&&s| self.sheet.ends[s].0.is_none());
            if let Some(&feed) = feed.or(part.first()) {
                let at = self.at(feed, 0);
                self.variables[at].fixed = Some(1.0);
                self.relative_to.push(feed);
            }
        }
    }

    /// Where a row stands, in words.
    pub fn told(&self, row: usize) -> String {
        match self.rows[row].what {
            Statement::Balance { node, of } => match self.sheet.word(of) {
                Of::Flow => format!("the flow balance of node `{}`", self.sheet.nodes[node]),
                Of::Component(name) => format!("the {name} balance of node `{}`", self.sheet.nodes[node]),
            },
            Statement::Amount { stream, of } => {
                format!("what stream `{}` carries of {}", self.sheet.streams[stream], self.sheet.word(of))
            }
            Statement::Total { total, stream } => {
                format!("total {} in stream `{}`", total + 1, self.sheet.streams[stream])
            }
            Statement::Sum { sum, stream } => {
                format!("sum {} in stream `{}`", sum + 1, self.sheet.streams[stream])
            }
            Statement::Further(number) => format!("constraint {}", number + 1),
        }
    }
}

impl Variable {
    fn unknown(what: What, sheet: &Flowsheet) -> Self {
        let lower = match what {
            What::Quantity { of, .. } if of == 0 || sheet.conserves[of - 1] => 0.0,
            _ => f64::NEG_INFINITY,
        };
        Variable { what, measured: None, fixed: None, lower, upper: f64::INFINITY }
    }

    fn censored(&self) -> bool {
        self.upper.is_finite() || self.lower > 0.0
    }

    /// 1/sd², or 0 when unmeasured.
    pub fn weight(&self) -> f64 {
        self.measured.map_or(0.0, |(_, sd)| 1.0 / (sd * sd))
    }
}

fn finite(place: impl Fn() -> String, what: &'static str, value: f64) -> Result<(), Wrong> {
    if value.is_finite() { Ok(()) } else { Err(Wrong::NotFinite { place: place(), what, value }) }
}

impl Variable {
    /// Of the flow (0) or a component.
    pub fn of(&self) -> usize {
        match self.what {
            What::Quantity { of, .. } | What::Amount { of, .. } | What::Gain { of, .. } => of,
            What::Leak { .. } => 0,
        }
    }
}
