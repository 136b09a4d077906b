//! From what was given to the answer.

use std::collections::BTreeMap;

use crate::blocks::Blocks;
use crate::judge::critical;
use crate::model::{Model, Statement, Variable, What};
use crate::newton::Task;
use crate::reconciled::{Reconciled, reconcile};
use crate::settle::{Part, Settled};
use crate::wrong::place;
use crate::{Answer, Before, Class, Given, GlobalTest, NodeBalance, Note, Options, Quantity, Value, Wrong};

/// Reconciles and judges.
///
/// # Errors
/// [`Wrong`] names what in the input cannot be right. A balance that does not close because the mathematics
/// did not converge is an answer with `converged: false` and a note that names the nodes.
pub fn solve(given: &Given) -> Result<Answer, Wrong> {
    Ok(reconcile(given)?.answer())
}

/// The reconciled values alone, by stream and then quantity (the flow, then the components), without any
/// statistics; none for what is unobservable.
///
/// # Errors
/// As [`solve`].
pub fn values(given: &Given) -> Result<Vec<Option<f64>>, Wrong> {
    let model = Model::read(given)?;
    let quantities = model.sheet.streams.len() * model.sheet.width();
    if let Some((_, point)) = Blocks::solve(&model, &Part::whole(&model), false) {
        let values = point.v[..quantities].iter().zip(&model.unit);
        return Ok(values.map(|(value, unit)| Some(value * unit)).collect());
    }
    Ok(reconcile(given)?.answer().values.into_iter().map(|value| value.value).collect())
}

impl Reconciled {
    /// All of it as it is written out.
    pub fn answer(&self) -> Answer {
        let confidence = self.options.confidence;
        let mut answer = assemble(self.plant(), self.shown(), &self.options);
        if self.cut {
            let message = format!(
                "the first {} suspects are listed and the test still rejects: the standard deviations may be \
                 too small, or the flowsheet is not the plant's",
                self.suspects.len()
            );
            answer.notes.push(Note { code: "more-suspects".to_owned(), message });
        }
        if let Some(what) = &self.stopped {
            let message = format!(
                "without the next suspect ({what}) the balance does not converge, so that it is not listed, \
                 and none after it"
            );
            answer.notes.push(Note { code: "elimination-stopped".to_owned(), message });
        }
        answer.suspects.clone_from(&self.suspects);
        answer.before_elimination = (self.options.eliminate && self.cleaned.is_some()).then(|| Before {
            objective: self.whole.objective,
            dof: self.whole.dof,
            chi2_critical: critical::chi_squared(self.whole.dof, confidence),
            global_test: global(&self.whole, confidence),
        });
        if answer.converged { answer } else { answer.undecided() }
    }
}

impl Answer {
    /// Where the steps stood when they ended is no result: no figure, class or test of it is shown.
    fn undecided(mut self) -> Self {
        (self.objective, self.dof) = (f64::NAN, 0);
        (self.chi2_critical, self.measurement_test_critical) = (None, None);
        self.global_test = GlobalTest::NotTestable;
        self.suspects.clear();
        self.unobservable.clear();
        self.before_elimination = None;
        let codes = ["no-redundancy", "dependent-balances", "hardly-determined", "more-suspects"];
        self.notes.retain(|note| !codes.contains(&note.code.as_str()));
        for value in &mut self.values {
            let Value { stream, of, measured, measured_sd, .. } = value.clone();
            *value = Value { stream, of, measured, measured_sd, ..Value::undecided() };
        }
        for node in &mut self.nodes {
            (node.glr_leak, node.leak_estimate) = (None, None);
        }
        self
    }
}

/// Rows that hold nothing free must be true as they stand.
pub(crate) fn contradiction(model: &Model, whole: &Settled) -> Result<(), Wrong> {
    for &r in &whole.reduced.dependent {
        let row = &model.rows[r];
        let exact = row.slope(&whole.point.v).iter().all(|&(i, _)| model.variables[i].fixed.is_some());
        let (value, size) = row.value(&whole.point.v);
        if exact && value.abs() > 1e-9 * size {
            return Err(Wrong::Contradiction { place: model.told(r), off: value * model.row_unit[r] });
        }
    }
    Ok(())
}

fn global(settled: &Settled, confidence: f64) -> GlobalTest {
    match critical::chi_squared(settled.dof, confidence) {
        None => GlobalTest::NotTestable,
        Some(limit) if settled.objective > limit => GlobalTest::Reject,
        Some(_) => GlobalTest::Pass,
    }
}

fn assemble(model: &Model, settled: &Settled, options: &Options) -> Answer {
    let confidence = options.confidence;
    let limit = critical::sidak(settled.testable(), confidence);
    let reach = limit.map(|limit| limit + critical::normal(options.power));
    let wide = critical::normal(0.5 + confidence / 2.0);
    let values: Vec<Value> = (0..model.variables.len())
        .filter_map(|i| match model.variables[i].what {
            What::Quantity { stream, of } => {
                let found = value(model, settled, i, stream, of, reach);
                let (lower, upper) = interval(&model.variables[i], found.value.zip(found.sd), wide);
                Some(Value { lower, upper, ..found }.times(model.unit[i]))
            }
            What::Amount { .. } | What::Gain { .. } | What::Leak { .. } => None,
        })
        .collect();
    let unobservable = values
        .iter()
        .filter(|value| value.class == Class::Unobservable)
        .map(|value| Quantity { stream: value.stream.clone(), of: value.of.clone() })
        .collect();
    let parts = model.sheet.parts();
    Answer {
        converged: settled.point.converged,
        iterations: settled.point.iterations,
        objective: settled.objective,
        dof: settled.dof,
        chi2_critical: critical::chi_squared(settled.dof, confidence),
        global_test: global(settled, confidence),
        measurement_test_critical: limit,
        values,
        nodes: nodes(model, settled),
        suspects: Vec::new(),
        unobservable,
        notes: notes(model, settled, &parts),
        parts: if parts.len() > 1 {
            let name = |part: Vec<usize>| part.into_iter().map(|s| model.sheet.streams[s].clone()).collect();
            parts.into_iter().map(name).collect()
        } else {
            Vec::new()
        },
        before_elimination: None,
    }
}

fn value(model: &Model, settled: &Settled, i: usize, stream: usize, of: usize, reach: Option<f64>) -> Value {
    let variable = &model.variables[i];
    let test = settled.measurement_test(i);
    let (spread, variance) = (settled.adjustment_variance[i], settled.covariance.variance[i]);
    let difference = variable.measured.map(|(measured, _)| measured - settled.point.v[i]);
    Value {
        stream: model.sheet.streams[stream].clone(),
        of: model.sheet.word(of),
        measured: variable.measured.map(|(value, _)| value),
        measured_sd: variable.measured.map(|(_, sd)| sd),
        value: (settled.class[i] != Class::Unobservable).then_some(settled.point.v[i]),
        sd: settled.sd[i],
        lower: None,
        upper: None,
        class: settled.class[i],
        adjustment: variable
            .measured
            .filter(|_| settled.class[i] != Class::Unobservable)
            .map(|(measured, sd)| (settled.point.v[i] - measured) / sd),
        measurement_test: test,
        glr_bias: test.map(|z| z * z),
        bias_estimate: test.and(difference).map(|off| off * variance / spread),
        detectability: test.and(reach).map(|reach| reach * variance / spread.sqrt()),
        at_bound: settled.at_bound[i],
    }
}

impl Value {
    /// Nothing is known of it.
    fn undecided() -> Self {
        Value {
            stream: crate::Name(String::new()),
            of: crate::Of::Flow,
            measured: None,
            measured_sd: None,
            value: None,
            sd: None,
            lower: None,
            upper: None,
            class: Class::Undecided,
            adjustment: None,
            measurement_test: None,
            glr_bias: None,
            bias_estimate: None,
            detectability: None,
            at_bound: false,
        }
    }

    /// In the unit of the input.
    fn times(self, unit: f64) -> Self {
        let times = |value: Option<f64>| value.map(|value| value * unit);
        Value {
            measured: times(self.measured),
            measured_sd: times(self.measured_sd),
            value: times(self.value),
            sd: times(self.sd),
            lower: times(self.lower),
            upper: times(self.upper),
            bias_estimate: times(self.bias_estimate),
            detectability: times(self.detectability),
            ..self
        }
    }
}

/// value ± `wide` sd, cut where the quantity cannot be.
fn interval(variable: &Variable, known: Option<(f64, f64)>, wide: f64) -> (Option<f64>, Option<f64>) {
    let Some((value, sd)) = known else { return (None, None) };
    // a value that sits on its bound may be off it by a rounding
    let (lowest, highest) = (variable.lower.min(value), variable.upper.max(value));
    (Some((value - wide * sd).max(lowest)), Some((value + wide * sd).min(highest)))
}

fn nodes(model: &Model, settled: &Settled) -> Vec<NodeBalance> {
    let mut known: Vec<Option<f64>> = (model.variables.iter())
        .map(|variable| match variable.what {
            What::Leak { .. } => Some(0.0),
            _ => variable.fixed.or(variable.measured.map(|(value, _)| value)),
        })
        .collect();
    for i in model.amounts.iter().flatten().flat_map(|&first| first..first + model.sheet.streams.len()) {
        known[i] = model.links(i).into_iter().map(|link| known[link]).product();
    }
    let measured: Vec<f64> = known.iter().map(|known| known.unwrap_or(0.0)).collect();
    let mut balances = Vec::new();
    for (r, row) in model.rows.iter().enumerate() {
        let Statement::Balance { node, of } = row.what else { continue };
        let parts = row.linear.iter().map(|&(i, _)| i);
        let all = parts.chain(row.products.iter().flat_map(|&(_, f, x)| [f, x]));
        let whole = all.map(|i| known[i]).collect::<Option<Vec<f64>>>().is_some();
        let (imbalance, sd) = if whole {
            let slope = in_measured(model, &measured, row.slope(&measured));
            let spread = |i: usize| model.variables[i].measured.map_or(0.0, |(_, sd)| sd);
            let variance: f64 = slope.iter().map(|&(i, s)| (s * spread(i)).powi(2)).sum();
            (Some(row.value(&measured).0), variance.sqrt())
        } else {
            (None, 0.0)
        };
        balances.push(NodeBalance {
            node: model.sheet.nodes[node].clone(),
            of: model.sheet.word(of),
            imbalance: imbalance.map(|off| off * model.row_unit[r]),
            nodal_test: imbalance.filter(|_| sd > 0.0).map(|off| off.abs() / sd),
            glr_leak: settled.leak(r).map(|(pull, variance)| pull * pull / variance),
            leak_estimate: settled.leak(r).map(|(pull, variance)| pull / variance * model.row_unit[r]),
        });
    }
    balances
}

/// Derivatives to what is measured: those to an amount go on to its flow and shares.
fn in_measured(model: &Model, v: &[f64], slope: Vec<(usize, f64)>) -> Vec<(usize, f64)> {
    if model.amounts.iter().all(Option::is_none) {
        return slope;
    }
    let mut sum: BTreeMap<usize, f64> = BTreeMap::new();
    for (i, s) in slope {
        let links = model.links(i);
        for &link in &links {
            let others: f64 = links.iter().filter(|&&other| other != link).map(|&other| v[other]).product();
            *sum.entry(link).or_default() += s * others;
        }
    }
    sum.into_iter().collect()
}

/// The quantities that a further step would move most, by name.
fn moving(model: &Model, task: &Task<'_>, settled: &Settled) -> String {
    let quantity = |i: usize| match model.variables[i].what {
        What::Quantity { stream, of } => Some(place(&model.sheet.streams[stream], &model.sheet.word(of))),
        _ => None,
    };
    let told: Vec<String> = task.moving(&settled.point).into_iter().filter_map(quantity).take(5).collect();
    if told.is_empty() { String::new() } else { format!(": {}", told.join("; ")) }
}

fn notes(model: &Model, settled: &Settled, parts: &[Vec<usize>]) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut note = |code: &str, message: String| notes.push(Note { code: code.to_owned(), message });
    if !settled.point.converged {
        let mut task = Task::whole(model, &settled.part.weights, &settled.part.targets);
        task.rows.iter_mut().zip(&settled.part.off).filter(|(_, off)| **off).for_each(|(row, _)| *row = None);
        let open: Vec<String> =
            task.open(&settled.point.v).into_iter().take(5).map(|r| model.told(r)).collect();
        let place = if open.is_empty() {
            format!(
                "every balance closes, but some values are hardly determined and still move{}",
                moving(model, &task, settled)
            )
        } else {
            format!("not closed: {}", open.join("; "))
        };
        note("not-converged", format!("after {} steps, {place}", settled.point.iterations));
    }
    if settled.dof == 0 {
        note("no-redundancy", "nothing is measured twice over: the values are as measured".to_owned());
    }
    if !settled.reduced.dependent.is_empty() {
        let told: Vec<String> = settled.reduced.dependent.iter().take(5).map(|&r| model.told(r)).collect();
        let more = settled.reduced.dependent.len().saturating_sub(5);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        note(
            "dependent-balances",
            format!("follow from the others and add nothing: {}{more}", told.join("; ")),
        );
    }
    if settled.reduced.border {
        let message =
            "whether some quantities are determined hangs on differences of 1e-9 of them: their classes, \
                       and deviations that are very large, are uncertain"
                .to_owned();
        note("hardly-determined", message);
    }
    for &stream in &model.relative_to {
        let name = &model.sheet.streams[stream];
        note(
            "relative-flows",
            format!("no flow is known here: all flows are relative to stream `{name}` = 1"),
        );
    }
    for variable in &model.variables {
        let unknown = variable.measured.is_none() && variable.fixed.is_none();
        if let (What::Gain { node, of }, true) = (variable.what, unknown) {
            let (node, of) = (&model.sheet.nodes[node], model.sheet.word(of));
            let message =
                format!("the stock of node `{node}` changed, and of its {of} nothing is said: unknown");
            note("unknown-gain", message);
        }
    }
    for part in parts {
        if part.iter().all(|&s| model.sheet.ends[s].0.is_some()) {
            let name = &model.sheet.streams[part[0]];
            note("no-feed", format!("the part around stream `{name}` has no feed"));
        }
    }
    notes
}
