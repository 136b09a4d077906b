//! Effects of a 2^k factorial design.
//!
//! The effect of a factor is the mean response at its high level less that at its low level; an
//! interaction is half the difference between the effects of one factor at the two levels of the other,
//! and so on: for each, `effect = contrast / 2^(k−1)`, with the signs of Yates' standard order
//! `(1), a, b, ab, c, …` (Yates 1937; Box, Hunter & Hunter, *Statistics for Experimenters*, 2nd ed., ch.
//! 5).
//!
//! With replicates the standard deviation of an effect is `2 s/√(r 2^k)` by the pooled variance; without,
//! Lenth's pseudo standard error is given (Technometrics 31 (1989) 469): `1.5 · median |c|` over all, then
//! over those below 2.5 times that, tested against t with a third as many degrees of freedom as effects.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::by_element::Label;
use super::check;
use super::problem::{Fault, Problem};
use super::quantile::{t, t_probability};
use super::two_product::usual;

/// Responses in Yates' order, or runs in any order with their levels.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Responses in Yates' order; a list in the place of one holds its replicates.
    #[serde(default, alias = "response", alias = "responses")]
    pub y: Vec<Replicates>,
    /// What the factors are, in words: `Yates; A=collector, B=pH, C=grind`.
    pub order: Option<String>,
    /// Names of the factors in the place of A, B, C.
    #[serde(default)]
    pub factors: Vec<Label>,
    /// Runs in any order: levels −1 and 1 by factor, and `y`. In the place of the responses.
    #[serde(default)]
    pub runs: Vec<Map<String, Value>>,
    /// Responses at the centre, to look for curvature.
    #[serde(default, alias = "centre", alias = "center", alias = "center_points")]
    pub centre_points: Vec<f64>,
    /// Of the tests.
    #[serde(default = "usual")]
    pub confidence: f64,
}

/// One response or its replicates.
#[derive(Debug, Clone, PartialEq)]
pub struct Replicates(pub Vec<f64>);

/// Mean and effects.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// Mean of all responses.
    pub mean: f64,
    /// Effects by word, A, B, C, AB, AC, BC, ABC.
    pub effects: Map<String, Value>,
    /// The same with their tests.
    pub table: Vec<Effect>,
    /// What A, B, C are.
    pub factors: Vec<String>,
    /// `replicates`, or `lenth`: where the standard deviation of an effect comes from. None for one factor
    /// alone.
    pub error_from: Option<&'static str>,
    /// Standard deviation of an effect.
    pub effect_sd: Option<f64>,
    /// Its degrees of freedom.
    pub dof: Option<usize>,
    /// How large an effect must be to be beyond chance.
    pub margin: Option<f64>,
    /// Mean of the design less mean of the centre, when there are centre points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub curvature: Option<f64>,
}

/// One effect.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Effect {
    /// `A`, `AB`.
    pub effect: String,
    /// Its size, in the unit of the response.
    pub value: f64,
    /// Sum of squares.
    pub sum_of_squares: f64,
    /// Share of all sums of squares, %.
    pub share_pct: Option<f64>,
    /// Over its standard deviation.
    pub t: Option<f64>,
    /// How often so much would come of chance alone.
    pub probability: Option<f64>,
    /// Whether it is beyond chance.
    pub significant: Option<bool>,
}

/// Works out the effects.
pub fn solve(given: &Given) -> Result<Answer, Problem> {
    let confidence = check::confidence(given.confidence)?;
    let (cells, factors) = design(given)?;
    let k = factors.len();
    let means: Vec<f64> = cells.iter().map(|cell| cell.iter().sum::<f64>() / cell.len() as f64).collect();
    let mean = means.iter().sum::<f64>() / means.len() as f64;
    // By how many factors, then alphabetically: A, B, C, AB, AC, BC, ABC.
    let mut words: Vec<usize> = (1..1 << k).collect();
    words.sort_by_key(|word: &usize| (word.count_ones(), std::cmp::Reverse(word.reverse_bits())));
    let value = |word: usize| {
        let signed = means.iter().enumerate().map(|(run, y)| sign(run, word, k) * y);
        signed.sum::<f64>() / (1 << (k - 1)) as f64
    };
    let values: Vec<f64> = words.iter().map(|word| value(*word)).collect();
    let error = replicated(&cells).or_else(|| lenth(&values));
    let runs: usize = cells.iter().map(Vec::len).sum();
    let squares: Vec<f64> = values.iter().map(|value| runs as f64 * value * value / 4.0).collect();
    let total: f64 = squares.iter().sum();
    let table: Vec<Effect> = (0..words.len())
        .map(|at| {
            let score = error.filter(|error| error.sd > 0.0).map(|error| (values[at] / error.sd, error.dof));
            let probability = score.and_then(|(score, dof)| t_probability(score, dof));
            Effect {
                effect: word(words[at], k),
                value: values[at],
                sum_of_squares: squares[at],
                share_pct: (total > 0.0).then(|| 100.0 * squares[at] / total),
                t: score.map(|(score, _)| score),
                probability,
                significant: probability.map(|probability| probability < 1.0 - confidence),
            }
        })
        .collect();
    check::each("centre_points", &given.centre_points, check::finite)?;
    let centre = given.centre_points.iter().sum::<f64>() / given.centre_points.len().max(1) as f64;
    Ok(Answer {
        mean,
        effects: table.iter().map(|one| (one.effect.clone(), Value::from(one.value))).collect(),
        table,
        factors,
        error_from: error.map(|error| error.from),
        effect_sd: error.map(|error| error.sd),
        dof: error.map(|error| error.dof),
        margin: error.and_then(|error| t(confidence, error.dof).map(|quantile| quantile * error.sd)),
        curvature: (!given.centre_points.is_empty()).then_some(mean - centre),
    })
}

/// +1 or −1: the product of the levels of the factors in the word, at a run in Yates' order.
fn sign(run: usize, word: usize, k: usize) -> f64 {
    let low = (0..k).filter(|factor| word >> factor & 1 == 1 && run >> factor & 1 == 0).count();
    if low % 2 == 0 { 1.0 } else { -1.0 }
}

fn word(word: usize, k: usize) -> String {
    (0..k).filter(|factor| word >> factor & 1 == 1).map(|factor| char::from(b'A' + factor as u8)).collect()
}

#[derive(Clone, Copy)]
struct Scatter {
    from: &'static str,
    sd: f64,
    dof: usize,
}

/// The pooled scatter of replicates.
fn replicated(cells: &[Vec<f64>]) -> Option<Scatter> {
    let dof: usize = cells.iter().map(|cell| cell.len() - 1).sum();
    if dof == 0 {
        return None;
    }
    let squares: f64 = cells
        .iter()
        .map(|cell| {
            let mean = cell.iter().sum::<f64>() / cell.len() as f64;
            cell.iter().map(|y| (y - mean).powi(2)).sum::<f64>()
        })
        .sum();
    let variance = squares / dof as f64;
    // An effect is a difference of two means of cells, each weighing 1/2^(k−1).
    let over: f64 = cells.iter().map(|cell| 1.0 / cell.len() as f64).sum();
    let half = cells.len() as f64 / 2.0;
    Some(Scatter { from: "replicates", sd: (variance * over).sqrt() / half, dof })
}

/// Lenth's pseudo standard error, from three effects on.
fn lenth(effects: &[f64]) -> Option<Scatter> {
    if effects.len() < 3 {
        return None;
    }
    let sizes: Vec<f64> = effects.iter().map(|effect| effect.abs()).collect();
    let rough = 1.5 * median(sizes.clone());
    let small: Vec<f64> = sizes.into_iter().filter(|size| *size < 2.5 * rough).collect();
    if small.is_empty() {
        return None;
    }
    Some(Scatter { from: "lenth", sd: 1.5 * median(small), dof: (effects.len() / 3).max(1) })
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { 0.5 * (values[middle - 1] + values[middle]) }
}

fn design(given: &Given) -> Result<(Vec<Vec<f64>>, Vec<String>), Problem> {
    match (given.y.is_empty(), given.runs.is_empty()) {
        (false, true) => {
            let cells: Vec<Vec<f64>> = given.y.iter().map(|cell| cell.0.clone()).collect();
            let k = cells.len().trailing_zeros() as usize;
            if !cells.len().is_power_of_two() || k == 0 || k > 10 {
                let why = format!("has {} responses; a 2^k design has 2, 4, 8, 16 … of them", cells.len());
                return Err(Problem::unreadable("y", why));
            }
            for (at, cell) in cells.iter().enumerate() {
                check::at_least(&check::row("y", at), cell.len(), 1, "response")?;
                check::each(&check::row("y", at), cell, check::finite)?;
            }
            let factors = named(given, k)?;
            Ok((cells, factors))
        }
        (true, false) => from_runs(given),
        (true, true) => Err(Problem::missing("y", "responses in Yates' order, or runs with their levels")),
        (false, false) => Err(Problem::impossible("runs", "runs and y are both given", "give one of them")),
    }
}

fn named(given: &Given, k: usize) -> Result<Vec<String>, Problem> {
    let letters = || (0..k).map(|at| word(1 << at, k)).collect::<Vec<_>>();
    if !given.factors.is_empty() {
        check::as_long("factors", given.factors.len(), "y (2^k responses)", k)?;
        return Ok(given.factors.iter().map(|label| label.0.clone()).collect());
    }
    let Some(order) = &given.order else { return Ok(letters()) };
    if !order.to_lowercase().contains("yates") && !order.to_lowercase().contains("standard") {
        let why = format!("`{order}` is not Yates' order; sort the responses (1), a, b, ab, … or give runs");
        return Err(Problem::unreadable("order", why));
    }
    let told = |letter: &String| {
        let part =
            order.split([',', ';']).map(str::trim).find_map(|part| part.strip_prefix(&format!("{letter}=")));
        part.map_or_else(|| letter.clone(), |name| name.trim().to_owned())
    };
    Ok(letters().iter().map(told).collect())
}

fn from_runs(given: &Given) -> Result<(Vec<Vec<f64>>, Vec<String>), Problem> {
    let is_response = |key: &str| matches!(key, "y" | "Y" | "response");
    let is_label = |key: &str| matches!(key.to_lowercase().as_str(), "run" | "name" | "test" | "order");
    let factors: Vec<String> = match given.factors.is_empty() {
        false => given.factors.iter().map(|label| label.0.clone()).collect(),
        true => given.runs[0].keys().filter(|key| !is_response(key) && !is_label(key)).cloned().collect(),
    };
    let k = factors.len();
    if k == 0 || k > 10 {
        return Err(Problem::unreadable("runs", format!("have {k} factors; 1 to 10 are worked out")));
    }
    let mut cells = vec![Vec::new(); 1 << k];
    for (at, run) in given.runs.iter().enumerate() {
        let place = check::row("runs", at);
        let figure = |key: &str| {
            let value =
                run.get(key).ok_or_else(|| Problem::missing(format!("{place}.{key}"), "its value"))?;
            super::measured::number(value).map_err(|fault| Problem::new(format!("{place}.{key}"), fault))
        };
        let mut cell = 0;
        for (bit, factor) in factors.iter().enumerate() {
            match figure(factor)? {
                1.0 => cell |= 1 << bit,
                -1.0 => {}
                other => {
                    let why = format!("is {other}; levels are −1 (low) and 1 (high)");
                    return Err(Problem::new(format!("{place}.{factor}"), Fault::Unreadable(why)));
                }
            }
        }
        let response = run.keys().find(|key| is_response(key)).map_or("y", String::as_str);
        cells[cell].push(check::finite(format!("{place}.{response}"), figure(response)?)?);
    }
    if let Some(empty) = cells.iter().position(Vec::is_empty) {
        let levels: Vec<String> = factors
            .iter()
            .enumerate()
            .map(|(bit, factor)| format!("{factor} {}", if empty >> bit & 1 == 1 { "1" } else { "-1" }))
            .collect();
        let what = format!("no run has {}", levels.join(", "));
        return Err(Problem::impossible("runs", what, "a full factorial needs every combination"));
    }
    Ok((cells, factors))
}

impl<'de> Deserialize<'de> for Replicates {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::gy::Numbers::deserialize(deserializer).map(|numbers| Replicates(numbers.0))
    }
}
