//! Units do not matter: everything is solved in sizes of about 1.
//!
//! Flows of each connected part, and each component, have a size of their own: the middle of what is known of
//! them, as a power of two, so that going there and back changes no digit. An amount has the size of its
//! factors multiplied, a balance that of its amounts, any other row that of its largest term. So the same
//! plant in t, kg, %, g/t or fractions is the same problem to within a factor of two in each column and row,
//! and what decides a rank or an end is compared with its own column and row.

use crate::Given;
use crate::model::{Model, Row, Statement, Variable, What};

/// Powers of two beyond this would leave the range of floats when multiplied.
const FURTHEST: i32 = 240;

/// The nearest power of two; 1 for what has no size.
fn power(size: f64) -> f64 {
    if size.is_finite() && size > 0.0 {
        2.0_f64.powi((size.log2().round() as i32).clamp(-FURTHEST, FURTHEST))
    } else {
        1.0
    }
}

fn powers(sizes: &[f64]) -> Vec<f64> {
    sizes.iter().map(|&size| power(size)).collect()
}

/// The middle of some sizes; none where there are none.
fn middle(mut sizes: Vec<f64>) -> Option<f64> {
    sizes.sort_by(f64::total_cmp);
    sizes.get(sizes.len() / 2).copied()
}

impl Variable {
    /// How large it is, by what is known of it: its value, or the deviation where that is zero, or a bound.
    fn sizes(&self) -> impl Iterator<Item = f64> {
        let stated = self.fixed.or(self.measured.map(|(value, _)| value)).filter(|value| *value != 0.0);
        let known = stated.or(self.measured.map(|(_, sd)| sd));
        let bounds = [self.lower, self.upper].into_iter().filter(move |_| known.is_none());
        let sizes = known.into_iter().chain(bounds).map(f64::abs);
        sizes.filter(|size| *size > 0.0 && size.is_finite())
    }

    fn divided(&mut self, unit: f64) {
        self.measured = self.measured.map(|(value, sd)| (value / unit, sd / unit));
        self.fixed = self.fixed.map(|value| value / unit);
        self.lower /= unit;
        self.upper /= unit;
    }
}

impl Row {
    /// The size of its largest term, of variables of their own size.
    fn largest(&self, unit: &[f64]) -> f64 {
        let linear = self.linear.iter().map(|&(i, factor)| (factor * unit[i]).abs());
        let products = self.products.iter().map(|&(factor, f, x)| (factor * unit[f] * unit[x]).abs());
        linear.chain(products).fold(0.0, f64::max)
    }

    fn divided(&mut self, own: f64, unit: &[f64]) {
        self.linear.iter_mut().for_each(|(i, factor)| *factor *= unit[*i] / own);
        for (factor, f, x) in &mut self.products {
            *factor *= unit[*f] * unit[*x] / own;
        }
        self.constant /= own;
    }
}

impl Model {
    /// Brings variables and rows to sizes of about 1.
    pub(crate) fn take_own_sizes(&mut self, given: &Given) {
        let (flows, of_node) = self.sizes_of_flows(given);
        let sizes = self.sizes_of_shares(given, &of_node);
        let flows_of_node = of_node;
        let (of_stream, of_node) = (powers(&flows), powers(&flows_of_node));
        let shares = powers(&sizes);
        let whole = |flow: f64, of: usize, shares: &[f64]| -> f64 {
            self.sheet.chain(of).into_iter().filter(|&of| of > 0).map(|of| shares[of]).product::<f64>() * flow
        };
        let amount = |flow: f64, of: usize| whole(flow, of, &shares);
        let unit: Vec<f64> = (self.variables.iter())
            .map(|variable| match variable.what {
                What::Quantity { stream, of: 0 } => of_stream[stream],
                What::Quantity { of, .. } => shares[of],
                What::Amount { stream, of } => amount(of_stream[stream], of),
                What::Gain { node, of } => amount(of_node[node], of),
                What::Leak { node } => of_node[node],
            })
            .collect();
        let own: Vec<f64> = (self.rows.iter())
            .map(|row| match row.what {
                Statement::Balance { node, of } => amount(of_node[node], of),
                Statement::Amount { stream, of } => amount(of_stream[stream], of),
                _ => power(row.largest(&unit)),
            })
            .collect();
        self.variables.iter_mut().zip(&unit).for_each(|(variable, unit)| variable.divided(*unit));
        self.rows.iter_mut().zip(&own).for_each(|(row, own)| row.divided(*own, &unit));
        self.usual = (self.variables.iter())
            .map(|variable| match variable.what {
                What::Quantity { stream, of: 0 } => flows[stream] / of_stream[stream],
                What::Quantity { of, .. } => sizes[of] / shares[of],
                What::Amount { stream, of } => {
                    whole(flows[stream], of, &sizes) / amount(of_stream[stream], of)
                }
                What::Gain { node, of } => whole(flows_of_node[node], of, &sizes) / amount(of_node[node], of),
                What::Leak { node } => flows_of_node[node] / of_node[node],
            })
            .collect();
        self.usual_flow = flows_of_node.iter().zip(&of_node).map(|(usual, unit)| usual / unit).collect();
        (self.unit, self.row_unit, self.flow_unit) = (unit, own, of_node);
    }

    /// How large a variable is at a value: that value, or its deviation, or what is usual of its kind.
    pub(crate) fn own_size(&self, i: usize, value: f64) -> f64 {
        let size = value.abs().max(self.variables[i].measured.map_or(0.0, |(_, sd)| sd));
        if size > 0.0 { size } else { self.usual[i] }
    }

    /// The size of the flows of each stream and of each node: one in each connected part.
    fn sizes_of_flows(&self, given: &Given) -> (Vec<f64>, Vec<f64>) {
        let is_flow = |variable: &&Variable| {
            variable.of() == 0 && matches!(variable.what, What::Quantity { .. } | What::Gain { .. })
        };
        let flows: Vec<&Variable> = self.variables.iter().filter(is_flow).collect();
        let all = middle(flows.iter().flat_map(|flow| flow.sizes()).collect());
        // flows of which only constraints say something
        let stated =
            || middle(given.constraints.iter().map(|one| one.equals.abs()).filter(|e| *e > 0.0).collect());
        let fallback = all.or_else(stated).unwrap_or(1.0);
        let mut of_stream = vec![fallback; self.sheet.streams.len()];
        let mut of_node = vec![fallback; self.sheet.nodes.len()];
        for part in self.sheet.parts() {
            let nodes = self.sheet.nodes_of(&part);
            let own = flows.iter().filter(|flow| match flow.what {
                What::Quantity { stream, .. } => part.binary_search(&stream).is_ok(),
                What::Gain { node, .. } => nodes.contains(&node),
                _ => false,
            });
            if let Some(size) = middle(own.flat_map(|flow| flow.sizes()).collect()) {
                part.iter().for_each(|&stream| of_stream[stream] = size);
                nodes.iter().for_each(|&node| of_node[node] = size);
            }
        }
        (of_stream, of_node)
    }

    /// The size of each component by `of`: of what is known of its shares, else of what it is added up with.
    fn sizes_of_shares(&self, given: &Given, of_node: &[f64]) -> Vec<f64> {
        let width = self.sheet.width();
        let mut sizes: Vec<Vec<f64>> = vec![Vec::new(); width];
        for variable in &self.variables {
            if let What::Quantity { of, .. } = variable.what {
                sizes[of].extend(variable.sizes());
            }
        }
        let mut found: Vec<Option<f64>> = sizes.into_iter().map(middle).collect();
        found[0] = Some(1.0);
        let number =
            |name: &crate::Name| self.sheet.of(&crate::Of::Component(name.clone()), String::new).unwrap_or(0);
        for sum in given.sums.iter().filter(|sum| sum.to != 0.0) {
            for of in sum.components.iter().map(number) {
                found[of] = found[of].or(Some(sum.to.abs()));
            }
        }
        // a sum of parts has their unit
        for total in &given.totals {
            let all: Vec<usize> = std::iter::once(&total.component).chain(&total.parts).map(number).collect();
            let known = middle(all.iter().filter_map(|&of| found[of]).collect());
            all.into_iter().for_each(|of| found[of] = found[of].or(known));
        }
        for variable in &self.variables {
            let What::Gain { node, of } = variable.what else { continue };
            if found[of].is_none() {
                let between = self.sheet.chain(self.sheet.parent[of]);
                let whole: f64 =
                    between.into_iter().filter_map(|of| found[of]).product::<f64>() * of_node[node];
                found[of] = variable.sizes().next().map(|size| size / whole);
            }
        }
        found.into_iter().map(|size| size.unwrap_or(1.0)).collect()
    }
}
