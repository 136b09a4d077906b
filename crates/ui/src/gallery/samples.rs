//! Samples of every part of the kit. The records are invented; the shapes are those of a real laboratory.

use std::collections::BTreeMap;

use jiff::Timestamp;
use maud::{Markup, html};

use super::GalleryEntry;
use crate::Words;
use crate::format::formula;
use crate::kit::Link;
use crate::kit::badge::{Badge, State};
use crate::kit::blocks::{self, Empty, MassPart, MassTriple, Notice, Progress, Tile};
use crate::kit::explain::{self, Excerpt, ExplainNode};
use crate::kit::form::{Field, FieldKind, Form, Item, Repeat};
use crate::kit::gate::{Gate, Refusal, checklist};
use crate::kit::number::Number;
use crate::kit::query::TableQuery;
use crate::kit::record::{self, Action, HistoryEntry, RecordHead, RecordTab};
use crate::kit::table::{Cell, Column, Facet, Row, RowActions, Table};

/// Every part of the kit.
pub fn kit() -> Vec<GalleryEntry> {
    vec![
        GalleryEntry { name: "kit-record", render: records },
        GalleryEntry { name: "kit-blocks", render: small_parts },
        GalleryEntry { name: "kit-table", render: tables },
        GalleryEntry { name: "kit-gates", render: gates },
        GalleryEntry { name: "kit-explain", render: explanation },
        GalleryEntry { name: "kit-form", render: forms },
        GalleryEntry { name: "kit-charts", render: super::charts::charts },
    ]
}

pub(super) fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_773_450_000 + 60 * minute).expect("a second of 2026 is a timestamp")
}

fn records(w: &Words) -> Vec<(&'static str, Markup)> {
    let head = RecordHead {
        kind: w.pick("Lot", "批次").into(),
        name: "MnSO4-2603-014".into(),
        badges: vec![
            Badge::new(State::Held, w.pick("Held: QC not run", "已扣留：未做质控")),
            Badge::new(State::Pass, w.pick("Balance closes", "金属平衡闭合")),
            Badge::new(State::Warning, w.pick("Calibration due", "校准将到期")),
            Badge::new(State::Fail, w.pick("Out of specification", "不符合规格")),
            Badge::new(State::Neutral, w.pick("Draft", "草稿")),
        ],
        action: Some(Action::Open(Link::new(w.pick("Release", "放行"), "/lots/14/release"))),
        others: vec![Link::new(w.pick("Print label", "打印标签"), "/lots/14/label")],
        path: "/lots/14".into(),
        tab: RecordTab::Overview,
    };
    let entries = vec![
        HistoryEntry {
            at: at(600),
            what: w.pick("Release refused", "放行被拒绝").into(),
            who: w.pick("Li Na, laboratory head", "李娜，实验室主任").into(),
            reason: None,
            badge: Some(Badge::new(State::Fail, w.pick("Refused", "已拒绝"))),
            ledger: Some(Link::new("#1042", "/ledger/1042")),
            changes: Vec::new(),
        },
        HistoryEntry {
            at: at(30),
            what: w.pick("Moisture corrected", "水分已更正").into(),
            who: w.pick("Wang Wei, analyst", "王伟，分析员").into(),
            reason: Some(w.pick("Balance print read wrongly", "天平打印单读错").into()),
            badge: None,
            ledger: Some(Link::new("#987", "/ledger/987")),
            changes: vec![(w.pick("Moisture", "水分").into(), "8.3 %".into(), "8.8 %".into())],
        },
    ];
    vec![("head", head.render(w)), ("history", record::history(w, &entries))]
}

fn small_parts(w: &Words) -> Vec<(&'static str, Markup)> {
    let progress = Progress {
        id: "import-7".into(),
        label: w.pick("Importing icp-2026-03-14.csv", "正在导入 icp-2026-03-14.csv").into(),
        done: 42_310,
        total: Some(100_000),
        what: w.pick("readings", "条读数").into(),
        poll: None,
    };
    let empty = Empty {
        action: Some(Link::new(w.pick("Bring files", "导入文件"), "/intake")),
        ..Empty::new(
            w.pick("No lot yet", "暂无批次"),
            w.pick(
                "A lot appears when material is received or a file names one.",
                "收到物料或文件中出现批号后，批次会显示在这里。",
            ),
        )
    };
    vec![
        ("tiles", tiles(w)),
        ("notices", notices(w)),
        ("facts", facts(w)),
        ("progress", progress.render(w)),
        ("empty", empty.render()),
        (
            "qr",
            blocks::qr(
                html! {
                    svg viewBox="0 0 8 8" {
                        path fill="#000" d="M1 1h3v3H1ZM5 1h2v2H5ZM1 5h2v2H1ZM5 5h1v1H5ZM6 6h1v1H6Z" {}
                    }
                },
                "7F3K-Q2",
                w.pick("Verification code", "验证码"),
            ),
        ),
    ]
}

fn tiles(w: &Words) -> Markup {
    let tile = |label: &str, value: &str, unit: &str, note: &str, state| Tile {
        label: label.into(),
        value: value.into(),
        unit: Some(unit.to_owned()).filter(|unit| !unit.is_empty()),
        note: Some(note.to_owned()).filter(|note| !note.is_empty()),
        state,
        href: "/lots".into(),
    };
    let tiles = [
        tile(w.pick("Lots held", "扣留批次"), "3", "", w.pick("oldest 2 days", "最久 2 天"), State::Held),
        tile(
            w.pick("Results to review", "待审核结果"),
            "41",
            "",
            w.pick("by exception 4", "其中异常 4"),
            State::Warning,
        ),
        tile(w.pick("QC failed", "质控失败"), "1", "", "OREAS 100a, Nd", State::Fail),
        tile(w.pick("Readings this month", "本月读数"), "128450", "", "", State::Neutral),
        tile(
            w.pick("Hand-typed share", "手工录入占比"),
            "0",
            "%",
            w.pick("of certificate numbers", "占证书数值"),
            State::Pass,
        ),
    ];
    blocks::tiles(&tiles)
}

fn notices(w: &Words) -> Markup {
    let issued = Notice {
        link: Some(Link::new(w.pick("Open", "打开"), "/certificates/7")),
        ..Notice::new(State::Pass, w.pick("Certificate issued.", "质量证明书已签发。"))
    };
    html! {
        (Notice::new(State::Fail, w.pick("The ledger does not verify.", "台账校验不通过。")))
        (Notice::new(State::Warning, w.pick("Calibration of ICP-2 ends in 3 days.", "ICP-2 校准 3 天后到期。")))
        (Notice::new(State::Held, w.pick("This lot waits for the quality manager.", "本批次等待质量负责人处理。")))
        (issued)
        (Notice::new(State::Neutral, w.pick("Synthetic data.", "合成数据。")))
    }
}

fn facts(w: &Words) -> Markup {
    let triple = MassTriple {
        wet: Some(Number::new("25431.5").unit("kg").explained("/lots/14/explain#wet")),
        moisture: Some(Number { changed: true, ..Number::new("8.80").unit("%") }),
        dry: Some(Number::new("23193.5").unit("kg").explained("/lots/14/explain#dry")),
        derived: Some(MassPart::Dry),
    };
    let facts = blocks::facts([
        (w.pick("Material", "物料"), formula("MnSO4·H2O")),
        (w.pick("Received", "收样"), w.time(at(0))),
        (w.pick("Customer", "客户"), html! { "Example Battery Co." }),
        (
            "Fe",
            Number {
                hand_typed: true,
                ..Number::new("<0.0010").unit("%").basis(w.pick("dry", "干基")).explained("/results/9")
            }
            .render(w),
        ),
    ]);
    blocks::section(w.pick("Facts", "基本信息"), html! { (facts) (triple.render(w)) })
}

fn tables(w: &Words) -> Vec<(&'static str, Markup)> {
    let columns = lot_columns(w);
    let full = Table {
        query: TableQuery::from_pairs("/lots", [("sort", "-mass"), ("page", "3"), ("size", "12")]),
        total: 10_342,
        filter: true,
        facets: vec![Facet {
            key: "state",
            label: w.pick("State", "状态").into(),
            options: vec![
                ("held".into(), w.pick("Held", "已扣留").into()),
                ("released".into(), w.pick("Released", "已放行").into()),
            ],
        }],
        exports: true,
        actions: Some(RowActions {
            csrf: "sample".into(),
            buttons: vec![
                Link::new(w.pick("Print labels", "打印标签"), "/lots/labels"),
                Link::new(w.pick("Hold", "扣留"), "/lots/hold"),
            ],
        }),
        ..Table::plain(
            "lots",
            w.pick("Lots", "批次"),
            columns.clone(),
            (0..12).map(|n| lot_row(w, n)).collect(),
        )
    };
    let empty = Table {
        empty: Empty::new(
            w.pick("No lot yet", "暂无批次"),
            w.pick("Receive material to see it here.", "收到物料后显示在这里。"),
        ),
        ..Table::plain("lots-empty", w.pick("Lots, none", "批次（空）"), columns.clone(), Vec::new())
    };
    let narrowed = Table {
        query: TableQuery::from_pairs("/lots", [("q", "zzz")]),
        filter: true,
        ..Table::plain("lots-narrowed", w.pick("Lots, filtered", "批次（筛选）"), columns, Vec::new())
    };
    vec![("full", full.render(w)), ("empty", empty.render(w)), ("nothing found", narrowed.render(w))]
}

fn lot_columns(w: &Words) -> Vec<Column> {
    let dry = w.pick("dry", "干基");
    vec![
        Column::text("lot", w.pick("Lot", "批次")).sortable(),
        Column::text("state", w.pick("State", "状态")),
        Column::number("mass", w.pick("Mass", "质量"), "kg").basis(dry).sortable(),
        Column::number("mn", "Mn", "%").basis(dry).sortable(),
        Column::number("fe", "Fe", "mg/kg").basis(dry),
        Column::text("at", w.pick("Received", "收样时间")).sortable(),
        Column::text("customer", w.pick("Customer", "客户")).on_choice(),
    ]
}

fn lot_row(w: &Words, n: usize) -> Row {
    let dry = w.pick("dry", "干基");
    let states = [
        Badge::new(State::Pass, w.pick("Released", "已放行")),
        Badge::new(State::Held, w.pick("Held", "已扣留")),
        Badge::new(State::Fail, w.pick("Out of specification", "不合格")),
        Badge::new(State::Warning, w.pick("To review", "待审核")),
    ];
    let fe = ["12.5", "<0.5", "ND", "108.25", "3", "-0.2"];
    let explained = |text: String, unit: &str| {
        Number::new(text).unit(unit).basis(dry).explained(format!("/results/{n}/explain"))
    };
    let fe = Number {
        hand_typed: n == 1,
        changed: n == 3,
        uncertainty: Some("± 0.4 (k = 2)".into()),
        method: Some("GB/T 15899-2021".into()),
        ..explained(fe[n % 6].into(), "mg/kg")
    };
    Row {
        href: Some(format!("/lots/{n}")),
        id: Some(n.to_string()),
        cells: vec![
            Cell::Link(Link::new(format!("MnSO4-2603-{n:03}"), format!("/lots/{n}"))),
            Cell::Badge(states[n % 4].clone()),
            Cell::Number(explained(format!("{}.5", 900 + 8_111 * n), "kg")),
            Cell::Number(explained(format!("31.{:02}", 80 + n), "%")),
            Cell::Number(fe),
            Cell::Instant(at(n as i64 * 97)),
            Cell::Text("Example Battery Co.".into()),
        ],
    }
}

fn gates(w: &Words) -> Vec<(&'static str, Markup)> {
    let gate = |state, verdict: &str, what: &str, evidence: &[&str]| Gate {
        state,
        verdict: verdict.into(),
        what: what.into(),
        evidence: evidence.iter().map(|text| Link::new(*text, "/results/3")).collect(),
        rule: None,
        remedy: None,
        who: None,
        action: None,
    };
    let gates = [
        gate(
            State::Pass,
            w.pick("passed", "通过"),
            w.pick("Metal balance closes within 1.5 %", "金属平衡差 ≤ 1.5 %"),
            &["+0.42 %"],
        ),
        Gate {
            rule: Some(
                w.pick(
                    "Certified 28.4 ± 0.3 %, found 29.6 %; QC-07 §4.2",
                    "标准值 28.4 ± 0.3 %，测得 29.6 %；QC-07 第 4.2 条",
                )
                .into(),
            ),
            remedy: Some(w.pick("repeat the run after recalibration", "重新校准后复测").into()),
            who: Some(w.pick("an analyst authorised for ICP-OES", "具有 ICP-OES 授权的分析员").into()),
            action: Some(Link::new(w.pick("Order a retest", "安排复检"), "/retests/new")),
            ..gate(
                State::Fail,
                w.pick("failed", "未通过"),
                w.pick("Reference material OREAS 100a", "标准物质 OREAS 100a"),
                &["29.6 %", "OREAS 100a"],
            )
        },
        Gate {
            remedy: Some(w.pick("run the blank of batch 12", "补测第 12 批空白").into()),
            ..gate(State::Held, w.pick("not run", "未做"), w.pick("Blank below limit", "空白低于限值"), &[])
        },
        gate(
            State::Warning,
            w.pick("passed with a remark", "通过（有提示）"),
            w.pick("Calibration of ICP-2", "ICP-2 校准"),
            &["2026-03-17"],
        ),
    ];
    let refusal = Refusal {
        what: w.pick("release of lot MnSO4-2603-014", "批次 MnSO4-2603-014 放行").into(),
        rule: w.pick("The person who tested may not release.", "检测人不得放行自己检测的批次。").into(),
        clause: Some("ISO/IEC 17025:2017, 7.8.1".into()),
        remedy: w.pick("a second authorised person releases", "由另一名被授权人放行").into(),
        who: Some(w.pick("Li Na, Chen Jing", "李娜、陈静").into()),
        action: Some(Link::new(w.pick("Ask for release", "申请放行"), "/tasks/new")),
        records: vec![Link::new("MnSO4-2603-014", "/lots/lot-14")],
        ledger: Some(Link::new("#1042", "/ledger/1042")),
    };
    vec![("refusal", refusal.render(w)), ("checklist", checklist(w, &gates))]
}

fn explanation(w: &Words) -> Vec<(&'static str, Markup)> {
    let file: String = (1..=30)
        .map(|n| {
            format!("{n:>3};S-2603-{n:03};Mn 257.610;{}.{:02};mg/L;2026-03-14 10:{n:02}\n", 310 + n, n * 3)
        })
        .collect();
    let link = Link::new("icp-2026-03-14.csv", "/files/9f2c");
    let hash = "9f2c1ab4d86a6b7f0d55a8e40a3bb0a1cf04e2f0c1a6d4a1b8f0a7a3e0b6c2d4";
    let node = |kind: &str, citation: &str| ExplainNode {
        kind: kind.into(),
        citation: citation.into(),
        ..ExplainNode::default()
    };
    let reading = ExplainNode {
        value: Some(Number::new("324.42").unit("mg/L")),
        record: Some(Link::new("S-2603-014, Mn 257.610", "/readings/88")),
        who: Some("ICP-2".into()),
        at: Some(at(14)),
        version: Some(w.pick("mapping icp-oes 3", "映射 icp-oes 第 3 版").into()),
        excerpt: Some(Excerpt::cut(link, hash, &file, 14, (26, 32))),
        ..node(w.pick("Reading", "读数"), "reading 88")
    };
    let root = ExplainNode {
        value: Some(Number::new("31.94").unit("%").basis(w.pick("dry", "干基"))),
        record: Some(Link::new("S-2603-014 Mn", "/results/9")),
        rule: Some("w = c · V · f / m, GB/T 8170".into()),
        badge: Some(Badge::new(State::Pass, w.pick("Reviewed", "已审核"))),
        who: Some(w.pick("Wang Wei", "王伟").into()),
        at: Some(at(40)),
        authorisation: Some(Link::new("A-113", "/authorisations/113")),
        version: Some("GB/T 15899-2021".into()),
        inputs: vec![
            reading,
            ExplainNode {
                value: Some(Number { hand_typed: true, ..Number::new("0.2503").unit("g") }),
                record: Some(Link::new(w.pick("Weighing 14", "称量 14"), "/weighings/14")),
                who: Some(w.pick("Wang Wei", "王伟").into()),
                at: Some(at(5)),
                ..node(w.pick("Mass", "称样量"), "weighing 14")
            },
        ],
        ..node(w.pick("Result", "结果"), "Orepass result 9, 31.94 % Mn")
    };
    vec![("tree", explain::tree(w, &root))]
}

fn forms(w: &Words) -> Vec<(&'static str, Markup)> {
    let start = Form::new("receive", "/lots", "sample", w.pick("Receive", "收货"));
    let receive = Form { idempotency_key: Some("sample-key".into()), ..start }
        .field(Field::new("name", w.pick("Lot", "批次"), FieldKind::Text).value("MnSO4-2603-015").required())
        .item(Item::Line(vec![
            Field::new("wet_kg", w.pick("Wet mass", "湿重"), FieldKind::Decimal)
                .unit("kg")
                .value("25431.5")
                .required(),
            Field::new("moisture_percent", w.pick("Moisture", "水分"), FieldKind::Decimal)
                .unit("%")
                .value("8,8")
                .error(Some(w.pick("Not a number: use a point, 8.8", "不是数值：请用小数点，如 8.8").into())),
            Field::new("received_on", w.pick("Received on", "收货日期"), FieldKind::Date)
                .value("2026-03-14")
                .required(),
        ]))
        .field(
            Field::new(
                "material",
                w.pick("Material", "物料"),
                FieldKind::Select(vec![("1".into(), "MnSO4·H2O".into()), ("2".into(), "Nd2O3".into())]),
            )
            .value("1")
            .required()
            .hint(w.pick("Decides the specification.", "决定适用的规格。")),
        )
        .field(Field::new("remark", w.pick("Remark", "备注"), FieldKind::Area { rows: 2 }))
        .field(
            Field::new("sealed", w.pick("The seal was unbroken", "封签完好"), FieldKind::Check).value("yes"),
        );
    let files = Form {
        primary: false,
        ..Form::new("files", "/intake", "sample", w.pick("Read the files", "读取文件"))
    }
    .field(
        Field::new(
            "files",
            w.pick("Files", "文件"),
            FieldKind::File { accept: ".csv,.xlsx".into(), multiple: true },
        )
        .required(),
    );
    vec![("receive", receive.render(w)), ("split", split_form(w).render(w)), ("files", files.render(w))]
}

fn split_form(w: &Words) -> Form {
    Form {
        error: Some(
            w.pick("The parts are 12.0 kg short of the whole.", "各部分之和比总量少 12.0 kg。").into(),
        ),
        primary: false,
        cancel: Some(Link::new(w.pick("Back to the lot", "返回批次"), "/lots/14")),
        ..Form::new("split", "/lots/14/split", "sample", w.pick("Split", "分批"))
    }
    .item(Item::Repeat(Repeat {
        name: "outputs".into(),
        legend: w.pick("Into", "分为").into(),
        fields: vec![
            Field::new("lot", w.pick("Lot", "批次"), FieldKind::Text),
            Field::new("mass_kg", w.pick("Mass", "质量"), FieldKind::Decimal).unit("kg"),
        ],
        lines: vec![
            BTreeMap::from([
                ("lot".to_owned(), "A".to_owned()),
                ("mass_kg".to_owned(), "12000.0".to_owned()),
            ]),
            BTreeMap::from([("lot".to_owned(), "B".to_owned())]),
        ],
        errors: BTreeMap::from([(
            "outputs[1].mass_kg".to_owned(),
            w.pick("Mass is missing", "缺少质量").to_owned(),
        )]),
        least: 2,
    }))
}
