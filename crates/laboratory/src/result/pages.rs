//! Results: the list by exception, the page of one, and all results of a sample.

use kernel::{ResultId, SampleId};
use serde::Serialize;
use site::{Listing, Miss, Page, STAFF, View, Visit};
use ui::gallery::{Sample, View as _};
use ui::kit::Link;
use ui::kit::blocks::section;
use ui::kit::query::TableQuery;
use ui::kit::record::Action;
use ui::kit::table::{Cell, Facet, Row, RowActions, Table};
use ui::{Markup, Words, html};

use super::list_rows::{self as list, Queue, ResultLine};
use super::rules::{Validity, Workflow, roll_up};
use crate::follow_up::{self, rows::FollowUpLine};
use crate::page::{self, Named, choice};
use crate::qc;
use crate::qc::rows::{ControlLine, OverrideLine};
use crate::qc::rules::{QcStatus, roll_up as roll_up_qc};

/// `/laboratory/results`: all, newest first; filtered to what waits or stands out.
pub(crate) const RESULTS: Listing = Listing {
    name: "results",
    path: "/laboratory/results",
    rail: "laboratory",
    readers: STAFF,
    fetch: |visit, query| results(visit, query, Queue::All),
    actions: &["result.enter", "result.record_none"],
};

/// `/laboratory/review`: measured results, to be reviewed together.
pub(crate) const REVIEW: Listing = Listing {
    name: "results-to-review",
    path: "/laboratory/review",
    rail: "laboratory",
    readers: STAFF,
    fetch: |visit, query| results(visit, query, Queue::In(Workflow::Measured)),
    actions: &[],
};

/// `/laboratory/release`: reviewed results, to be released together.
pub(crate) const RELEASE: Listing = Listing {
    name: "results-to-release",
    path: "/laboratory/release",
    rail: "laboratory",
    readers: STAFF,
    fetch: |visit, query| results(visit, query, Queue::In(Workflow::Reviewed)),
    actions: &[],
};

/// `/laboratory/results/{result}`.
pub(crate) const PAGE: Page =
    Page { path: "/laboratory/results/{result}", rail: "laboratory", readers: STAFF, show };

/// `/laboratory/samples/{sample}`.
pub(crate) const SAMPLE_PAGE: Page =
    Page { path: "/laboratory/samples/{sample}", rail: "laboratory", readers: STAFF, show: show_sample };

fn results(visit: &mut Visit<'_>, query: &TableQuery, queue: Queue) -> Result<Table, Miss> {
    let words = visit.words;
    let (lines, total) = list::page(visit.db, queue, query)?;
    let rows = lines.iter().map(|line| page::result_row(words, line)).collect();
    let (name, commands): (_, &[&str]) = match queue {
        Queue::All => ("results", &["result.review", "result.release"]),
        Queue::In(Workflow::Measured) => ("results-to-review", &["result.review"]),
        Queue::In(_) => ("results-to-release", &["result.release"]),
    };
    let offered: Vec<Link> = commands
        .iter()
        .filter(|command| visit.may(command))
        .map(|command| Link::new(words.t(&site::word("command", command)), format!("/do/{command}")))
        .collect();
    let actions = (!offered.is_empty()).then(|| RowActions { csrf: visit.csrf.to_owned(), buttons: offered });
    let options = |field: &str, values: Vec<&'static str>| -> Vec<(String, String)> {
        values.into_iter().map(|value| (value.to_owned(), choice(words, field, value))).collect()
    };
    let facet =
        |key: &'static str, options| Facet { key, label: words.t(&site::word("field", key)), options };
    let mut facets = vec![
        facet("exception", vec![("yes".to_owned(), words.t("page-results-exceptions"))]),
        facet("qc", options("qc", QcStatus::ALL.iter().map(|one| one.word()).collect())),
    ];
    if queue == Queue::All {
        let workflow = options("workflow", Workflow::ALL.iter().map(|one| one.word()).collect());
        let validity = options("validity", Validity::ALL.iter().map(|one| one.word()).collect());
        facets.extend([facet("workflow", workflow), facet("validity", validity)]);
    }
    let columns = page::result_columns(words);
    let table = page::listing(words, name, query, total, columns, rows);
    Ok(Table { filter: true, facets, actions, ..table })
}

/// What the page of a result shows.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ResultPage {
    pub result: ResultLine,
    pub instrument: Option<Named>,
    pub calibration: Option<Named>,
    /// When its calibration was entered, where that was after it was measured.
    pub calibration_recorded_at: Option<kernel::Instant>,
    pub reading: Option<Named>,
    pub run: Option<Named>,
    pub lot: Option<Named>,
    pub tested_by: Option<Named>,
    pub reviewed_by: Option<Named>,
    pub released_by: Option<Named>,
    pub controls: Vec<ControlLine>,
    pub overrides: Vec<OverrideLine>,
    pub follow_ups: Vec<FollowUpLine>,
    pub next: Option<Action>,
    pub others: Vec<(String, String)>,
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let id: ResultId = visit.id("result")?;
    let line = list::by_id(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let run = line.run.and_then(|number| visit.store.thread(|thread| thread.record(number)).ok().flatten());
    let data = ResultPage {
        instrument: page::name_opt(visit, line.instrument)?,
        calibration: page::name_opt(visit, line.calibration)?,
        calibration_recorded_at: match line.calibration {
            Some(id) => crate::instrument::rows::calibration_line(visit.db, id)?
                .map(|of| of.recorded_at)
                .filter(|recorded| line.tested_at < *recorded),
            None => None,
        },
        reading: page::name_opt(visit, line.reading)?,
        run: page::name_opt(visit, run)?,
        lot: page::name_opt(visit, line.lot)?,
        tested_by: page::person(visit, line.tested_by)?,
        reviewed_by: page::person(visit, line.reviewed_by)?,
        released_by: page::person(visit, line.released_by)?,
        controls: qc::rows::for_result(visit.db, id)?,
        overrides: qc::rows::overrides(visit.db, id)?,
        follow_ups: follow_ups(visit, id)?,
        next: visit.next(id)?,
        others: others(visit, &line),
        result: line,
    };
    let title = format!("{} · {}", data.sample(), data.result.analyte);
    let view = View::new(title, data.render(visit.words), &data);
    Ok(view.under(Link::new(visit.words.t("list-results"), "/laboratory/results")))
}

fn follow_ups(visit: &mut Visit<'_>, id: ResultId) -> Result<Vec<FollowUpLine>, Miss> {
    let mut lines = Vec::new();
    for follow_up in follow_up::rows::of_result(visit.db, id)? {
        lines.extend(follow_up::rows::by_id(visit.db, follow_up)?);
    }
    Ok(lines)
}

fn offer(visit: &Visit<'_>, command: &str, query: String) -> Option<(String, String)> {
    let text = visit.words.t(&site::word("command", command));
    visit.may(command).then(|| (text, format!("/do/{command}?{query}")))
}

fn others(visit: &Visit<'_>, line: &ResultLine) -> Vec<(String, String)> {
    if line.validity != Validity::Valid {
        return Vec::new();
    }
    let commands: &[&str] = match line.workflow {
        Workflow::Measured | Workflow::Reviewed => &["result.correct", "result.retest", "result.retract"],
        Workflow::Released => &["result.retest", "result.invalidate"],
        _ => &[],
    };
    commands.iter().filter_map(|command| offer(visit, command, format!("result={}", line.id))).collect()
}

impl ResultPage {
    fn sample(&self) -> String {
        self.result.sample_code.clone().unwrap_or_else(|| self.result.sample.to_string())
    }

    fn facts(&self, words: &Words) -> Markup {
        let line = &self.result;
        let link = |named: &Option<Named>| named.as_ref().map(Named::markup);
        let when = |who: &Option<Named>, at: Option<kernel::Instant>| {
            who.as_ref().map(
                |who| html! { (who.markup()) @if let Some(at) = at { " · " (words.time(at.timestamp())) } },
            )
        };
        let uncertainty = match (&line.uncertainty, &line.coverage) {
            (Some(u), Some(k)) => page::plain(format!("± {} {} (k = {k})", page::expanded(u), line.unit)),
            _ => None,
        };
        let sample = Link::new(self.sample(), format!("/laboratory/samples/{}", line.sample));
        let method = Link::new(
            format!("{} {}", line.method_code, line.method_edition),
            format!("/laboratory/methods/{}", line.method),
        );
        let pairs = vec![
            ("field-sample", Some(html! { (sample) })),
            ("field-lot", link(&self.lot)),
            ("field-method", Some(html! { (method) })),
            ("field-basis", page::plain(page::basis(words, &line.basis))),
            ("field-uncertainty", uncertainty),
            ("field-instrument", link(&self.instrument)),
            (
                "field-calibration",
                Some(html! {
                    (link(&self.calibration).unwrap_or(html! { (words.t("page-result-no-calibration")) }))
                    @if let Some(at) = self.calibration_recorded_at {
                        " · " (words.tv("page-result-calibration-late",
                            &[("at", words.instant(at.timestamp()).into())]))
                    }
                }),
            ),
            ("kind-reading", link(&self.reading)),
            ("field-run", link(&self.run)),
            ("field-replicate", (line.replicate > 1).then(|| html! { (line.replicate) })),
            (
                "field-replaces",
                line.replaces.map(|id| html! { a href={ "/laboratory/results/" (id) } { (id) } }),
            ),
            ("field-why", line.why.as_ref().map(|why| html! { (why) })),
            ("field-suspect", line.suspect.as_ref().map(|why| html! { (why) })),
            ("field-tested-by", when(&self.tested_by, Some(line.tested_at))),
            ("field-reviewed-by", when(&self.reviewed_by, line.reviewed_at)),
            ("field-released-by", when(&self.released_by, line.released_at)),
        ];
        page::facts(words, pairs)
    }

    fn overrides(&self, words: &Words) -> Markup {
        let columns =
            vec![page::column(words, "at"), page::column(words, "reason"), page::column(words, "until")];
        let row = |one: &OverrideLine| {
            let cells = vec![page::at_cell(one.at), Cell::Text(one.reason.clone()), page::at_cell(one.until)];
            Row { href: None, id: None, cells }
        };
        let rows = self.overrides.iter().map(row).collect();
        Table::plain("overrides", words.t("page-result-overrides"), columns, rows).render(words)
    }
}

impl ui::gallery::View for ResultPage {
    fn render(&self, words: &Words) -> Markup {
        let line = &self.result;
        let mut badges = vec![page::workflow_badge(words, line.workflow), page::qc_badge(words, line.qc)];
        badges.extend(page::warnings(words, line));
        let name = format!("{} · {}", self.sample(), line.analyte);
        let mut head = page::head(words, "result", &name, format!("/laboratory/results/{}", line.id), badges);
        head.action.clone_from(&self.next);
        head.others = self.others.iter().map(|(text, href)| Link::new(text, href)).collect();
        html! {
            (head.render(words))
            p.figure { (page::figure(words, line).render(words)) }
            (self.facts(words))
            @if !self.controls.is_empty() {
                @let controls = qc::pages::table(words, "controls", &self.controls);
                (section(&words.t("page-result-controls"), controls))
            }
            @if !self.follow_ups.is_empty() {
                (section(&words.t("list-follow-ups"), follow_up::pages::table(words, &self.follow_ups)))
            }
            @if !self.overrides.is_empty() {
                (section(&words.t("page-result-overrides"), self.overrides(words)))
            }
        }
    }
}

/// A result for samples of pages.
pub(crate) fn sample_line() -> ResultLine {
    let at = kernel::Instant::from_micros(1_773_450_000_000_000);
    ResultLine {
        id: ResultId(9),
        sample: SampleId(8),
        sample_code: Some("S-26-0014".into()),
        lot: Some(kernel::LotId(7)),
        analyte: "La2O3".into(),
        qualifier: measure::Qualifier::Value,
        value: Some("0.0120".into()),
        unit: "%".into(),
        basis: "dry".into(),
        uncertainty: Some("0.0007".into()),
        coverage: Some("2".into()),
        method: kernel::MethodId(1),
        method_code: "ICP-01".into(),
        method_edition: "2026".into(),
        in_range: Some(true),
        below_lod: false,
        instrument: Some(kernel::InstrumentId(3)),
        calibration: Some(kernel::CalibrationId(4)),
        suspect: None,
        workflow: Workflow::Measured,
        qc: QcStatus::Failure,
        validity: Validity::Valid,
        hand_typed: false,
        changed: false,
        replicate: 1,
        replaces: None,
        why: None,
        tested_by: Some(kernel::PersonId(1)),
        tested_at: at,
        reviewed_by: None,
        reviewed_at: None,
        released_by: None,
        released_at: None,
        reading: Some(kernel::ReadingId(21)),
        run: Some(20),
        position: 3,
    }
}

impl Sample for ResultPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let usual = ResultPage {
            result: sample_line(),
            instrument: Some(Named::new(
                kernel::InstrumentId(3),
                "ICP-2",
                "/laboratory/instruments/instrument-3",
            )),
            calibration: None,
            calibration_recorded_at: None,
            reading: Some(Named::new(kernel::ReadingId(21), "S-26-0014 · La 0.0120", "/intake/import-20")),
            run: Some(Named::new(kernel::ImportId(20), "run-7.csv", "/intake/import-20")),
            lot: None,
            tested_by: Some(Named::new(kernel::PersonId(1), "Li Na 李娜", "/people/person-1")),
            reviewed_by: None,
            released_by: None,
            controls: vec![qc::pages::sample_line()],
            overrides: vec![],
            follow_ups: vec![],
            next: Some(Action::Open(Link::new("Review", "/do/result.review?results[0]=result-9"))),
            others: vec![],
        };
        let mut typed = usual.clone();
        typed.result.hand_typed = true;
        typed.result.qualifier = measure::Qualifier::Below;
        typed.result.suspect = Some("calibration-4".into());
        typed.result.validity = Validity::Retracted;
        typed.next = None;
        typed.calibration_recorded_at = Some(typed.result.tested_at);
        let barred = Action::Barred { text: "Review".into(), who: "Laboratory head (Li Na)".into() };
        let mut barred = ResultPage { next: Some(barred), ..usual.clone() };
        barred.result.changed = true;
        vec![("usual", usual), ("retracted", typed), ("for another role", barred)]
    }
}

/// What the laboratory's page of a sample shows.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SamplePage {
    pub sample: Named,
    pub workflow: Option<Workflow>,
    pub qc: QcStatus,
    pub results: Vec<ResultLine>,
    pub enter: Option<Action>,
}

fn show_sample(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let id: SampleId = visit.id("sample")?;
    super::rows::sample_by_id(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let results = list::of_sample(visit.db, id)?;
    let counting = || results.iter().filter(|line| line.validity == Validity::Valid);
    let data = SamplePage {
        sample: page::name(visit, id)?,
        workflow: roll_up(&counting().map(|line| line.workflow).collect::<Vec<_>>()),
        qc: roll_up_qc(&counting().map(|line| line.qc).collect::<Vec<_>>()),
        enter: visit.next(id)?,
        results,
    };
    let view = View::new(data.sample.label.clone(), data.render(visit.words), &data);
    Ok(view.under(Link::new(visit.words.t("list-results"), "/laboratory/results")))
}

impl ui::gallery::View for SamplePage {
    fn render(&self, words: &Words) -> Markup {
        let workflow = self.workflow.map(|workflow| page::workflow_badge(words, workflow));
        let badges = workflow.into_iter().chain([page::qc_badge(words, self.qc)]).collect();
        let mut head = page::head(words, "sample", &self.sample.label, self.sample.url.clone(), badges);
        head.action.clone_from(&self.enter);
        let rows = self.results.iter().map(|line| page::result_row(words, line)).collect();
        let mut columns = page::result_columns(words);
        columns.iter_mut().for_each(|column| column.sortable = false);
        let table = Table::plain("results", words.t("list-results"), columns, rows);
        let empty = page::empty(words, "results");
        html! { (head.render(words)) (Table { empty, ..table }.render(words)) }
    }
}

impl Sample for SamplePage {
    fn samples() -> Vec<(&'static str, Self)> {
        let sample = Named::new(SampleId(8), "S-26-0014", "/samples/sample-8");
        let usual = SamplePage {
            sample,
            workflow: Some(Workflow::Measured),
            qc: QcStatus::Failure,
            results: vec![sample_line()],
            enter: Some(Action::Open(Link::new("Enter", "/do/result.enter?sample=sample-8"))),
        };
        let empty =
            SamplePage { workflow: None, qc: QcStatus::NotRequired, results: vec![], ..usual.clone() };
        vec![("usual", usual), ("empty", empty)]
    }
}
