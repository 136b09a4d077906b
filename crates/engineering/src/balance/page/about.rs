//! Questions about a balance as it stands, answered for the reader and not stored: on which figures a number
//! hangs, which one more assay would help it most, and how large a bias each meter would betray.

use ::balance::{Candidate, Identification, Influence, Of, Quantity, Target, Trials};
use maud::{Markup, html};
use serde::Serialize;
use site::Visit;
use ui::kit::blocks::section;
use ui::kit::number::Number;
use ui::kit::table::{Cell, Column, Row, Table};
use ui::{Link, Words};

use super::BalancePage;
use super::figures::printed;
use crate::show;
use crate::solve::{self, Case, Solved, text};

/// Lines of an answer.
const LINES: usize = 8;
/// The relative standard deviation assumed of what was never measured.
const ASSUMED: f64 = 0.01;
/// Biases that are tried, in standard deviations.
const SIZES: [f64; 3] = [3.0, 5.0, 10.0];
/// The columns of each.
const COLUMNS: [[&str; 2]; 3] =
    [["detected-3", "identified-3"], ["detected-5", "identified-5"], ["detected-10", "identified-10"]];
/// Trials of each bias.
const TRIALS: u32 = 100;
/// Figures looked at in all trials at the most.
const FIGURES_TRIED: u64 = 3_000_000;
/// A balance with more figures is too large to be tried while somebody waits.
const FIGURES: usize = 48;

/// What was asked and what came out.
#[derive(Debug, Clone, Serialize)]
pub(crate) enum About {
    /// One number: what it hangs on, and what would help it.
    Number { stream: String, of: String, influence: Vec<Influence>, next: Vec<Candidate> },
    /// How often a bias in each meter is found; nothing where the balance is too large.
    Meters(Option<Identification>),
}

/// What the address asks for: `about=stream:quantity`, or `about=meters`.
pub(super) fn asked(visit: &Visit<'_>, case: &Case, now: Option<&Solved>) -> Option<About> {
    let asked = visit.asked("about");
    let given = solve::given(case, &now?.settings);
    if asked == "meters" {
        if case.measured.len() > FIGURES {
            return Some(About::Meters(None));
        }
        let mut dice = Dice(20_260_101);
        let trials = Trials { runs: TRIALS, sizes: SIZES.to_vec(), only: Vec::new(), most: FIGURES_TRIED };
        let found = ::balance::identification(&given, &trials, &mut || dice.normal()).ok()?;
        return Some(About::Meters(Some(found)));
    }
    let (stream, of) = asked.rsplit_once(':')?;
    let reconciled = ::balance::reconcile(&given).ok()?;
    let target = Target::Quantity(Quantity { stream: stream.into(), of: Of::from(of) });
    let (influence, next) = (reconciled.influence(&target), reconciled.next_measurement(&target, ASSUMED));
    let (mut influence, mut next) = (influence.ok()?, next.ok()?);
    influence.truncate(LINES);
    next.truncate(LINES);
    Some(About::Number { stream: stream.to_owned(), of: of.to_owned(), influence, next })
}

/// Where the meters are asked about.
pub(super) fn link(words: &Words, page: &BalancePage) -> Markup {
    html! { p { a href=(page.address(&[("about", "meters")])) { (words.t("identify-link")) } } }
}

impl About {
    pub(super) fn render(&self, words: &Words, page: &BalancePage) -> Markup {
        let back = Link::new(words.t("what-if-back"), page.address(&[]));
        let (title, lead, body) = match self {
            About::Number { stream, of, influence, next } => {
                let figure = format!("{} {}", page.stream(words, stream), show::quantity(words, of));
                let body = html! {
                    (hangs_on(words, page, influence).render(words))
                    (would_help(words, page, of, next).render(words))
                };
                (words.tv("section-about", &[("figure", figure.into())]), words.t("about-lead"), body)
            }
            About::Meters(found) => {
                let lead = words.tv("identify-lead", &[("trials", u64::from(TRIALS).into())]);
                let body = match found {
                    Some(found) => betrayed(words, page, found).render(words),
                    None => html! { p { (words.tv("identify-too-large", &[("most", FIGURES.into())])) } },
                };
                (words.t("section-identification"), lead, body)
            }
        };
        section(&title, html! { p.lead { (lead) " " (back) } (body) })
    }
}

fn name(words: &Words, page: &BalancePage, of: &Quantity) -> Cell {
    let quantity = show::quantity(words, &of.of.to_string());
    Cell::Text(format!("{} {quantity}", page.stream(words, &of.stream.to_string())))
}

fn line(cells: Vec<Cell>) -> Row {
    Row { href: None, id: None, cells }
}

fn percent(part: f64) -> Cell {
    Cell::Number(Number::new(format!("{:.0}", 100.0 * part)))
}

fn spread(sd: f64) -> Cell {
    let text = text::significant(sd, 4);
    Cell::Number(Number::new(printed(&text, Some(&text))))
}

fn hangs_on(words: &Words, page: &BalancePage, found: &[Influence]) -> Table {
    let rows = found.iter().map(|of| line(vec![name(words, page, &of.measurement), percent(of.share)]));
    let columns = vec![
        Column::text("measurement", words.t("column-measured-figure")),
        Column::number("share", words.t("column-variance-share"), "%"),
    ];
    let mut table = Table::plain("influence", words.t("about-influence"), columns, rows.collect());
    table.empty.title = words.t("about-nothing");
    table
}

fn would_help(words: &Words, page: &BalancePage, of: &str, found: &[Candidate]) -> Table {
    let rows = found.iter().map(|candidate| {
        let before = candidate.sd_before.map_or(Cell::Blank, spread);
        line(vec![name(words, page, &candidate.quantity), before, spread(candidate.sd_after)])
    });
    let columns = vec![
        Column::text("measurement", words.t("column-one-more")),
        Column::number("before", words.t("column-sd-now"), page.unit(of)),
        Column::number("after", words.t("column-sd-then"), page.unit(of)),
    ];
    let mut table = Table::plain("next-measurement", words.t("about-next"), columns, rows.collect());
    table.empty.title = words.t("about-nothing");
    table
}

fn betrayed(words: &Words, page: &BalancePage, found: &Identification) -> Table {
    let rows = found.meters.iter().map(|meter| {
        let rates = meter.rates.iter().flat_map(|rate| [percent(rate.detected), percent(rate.identified)]);
        line(std::iter::once(name(words, page, &meter.quantity)).chain(rates).collect())
    });
    let sizes = SIZES.iter().zip(COLUMNS).flat_map(|(size, [detected, identified])| {
        let size = [("size", size.to_string().into())];
        let heads = [words.tv("column-detected-at", &size), words.tv("column-identified-at", &size)];
        let [noticed, named] = heads;
        [Column::number(detected, noticed, "%"), Column::number(identified, named, "%")]
    });
    let columns = std::iter::once(Column::text("meter", words.t("column-measured-figure"))).chain(sizes);
    Table::plain("identification", words.t("section-identification"), columns.collect(), rows.collect())
}

/// Independent standard normal numbers (Box and Muller), the same at every visit.
struct Dice(u64);

impl Dice {
    fn part(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 11) as f64) / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let (a, b) = (self.part().max(1e-300), self.part());
        (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
    }
}

/// Answers for the gallery.
pub(super) fn samples() -> [About; 2] {
    let feed = || Quantity { stream: "feed".into(), of: Of::from("Mn") };
    let influence = vec![Influence { measurement: feed(), sensitivity: 0.71, share: 0.62 }];
    let next = vec![Candidate { quantity: feed(), assumed_sd: 0.1, sd_before: Some(0.084), sd_after: 0.066 }];
    let rate = |size: f64| ::balance::Rate { size, detected: 0.06 * size, identified: 0.05 * size };
    let meters = vec![::balance::Meter { quantity: feed(), rates: SIZES.map(rate).to_vec() }];
    let found = Identification { trials: TRIALS, false_alarms: 0.05, coverage: 0.95, meters, left_out: 0 };
    let number = About::Number { stream: "feed".to_owned(), of: "Mn".to_owned(), influence, next };
    [number, About::Meters(Some(found))]
}
