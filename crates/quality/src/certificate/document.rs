//! Writes the document of a certificate from the decision it rests on and the rows as they stand.

use std::collections::BTreeMap;

use kernel::{CertificateId, Instant, PersonId, ResultId};
use measure::{Basis, Comparison, Decimal};
use publish::Names;
use publish::certificate::{
    self as paper, CertificateDocument, Disposition, Issuer, Item, Mark, Method, Origin, Packages, Reported,
    SCHEMA, Sampling, Signature, Supersedes, Verdict, VerificationCode,
};

use super::masses::Stated;
use super::said::Given;
use super::{analytes, figures};
use crate::judgement::{Cited, Line, Measured, Signed};
use crate::release::release_lot::LotReleased;
use crate::specification::Version;
use crate::view_rows::{Lot, Party, Sample};

/// Everything a document is written from.
pub(super) struct Sources<'a> {
    pub id: CertificateId,
    pub number: String,
    pub revision: u32,
    pub supersedes: Option<Supersedes>,
    pub at: Instant,
    /// The institute, its time zone and the address of its site.
    pub institute: &'a authority::Institute,
    pub ledger: &'a str,
    pub given: &'a Given,
    pub customer: &'a Party,
    pub lot: &'a Lot,
    pub masses: Stated,
    /// The lot it was split off and is released with, whose samples and results these are.
    pub whole: Option<&'a Lot>,
    pub version: &'a Version,
    pub release: &'a LotReleased,
    pub results: &'a BTreeMap<ResultId, Measured>,
    pub samples: &'a [Sample],
    pub disposition: Disposition,
    pub origin: Origin,
    pub names: &'a BTreeMap<PersonId, kernel::Names>,
    /// Who released the lot and who signs the certificate, with the authorisations they cite.
    pub signers: [(paper::Meaning, Signed); 2],
}

impl Sources<'_> {
    /// The document.
    pub fn document(&self) -> CertificateDocument {
        let institute = self.institute;
        CertificateDocument {
            schema: SCHEMA.to_owned(),
            node: self.id.to_string(),
            issuer: Issuer {
                name: both(&institute.names),
                address: both(&institute.address),
                contact: institute.contact.as_ref().map(|text| text.as_str().to_owned()),
                accreditation: institute
                    .accreditation
                    .as_ref()
                    .map(|text| Names::new(text.as_str(), text.as_str())),
            },
            number: self.number.clone(),
            revision: self.revision,
            issued_at: whole_second(self.at),
            issued_on: self.day(self.at),
            supersedes: self.supersedes.clone(),
            customer: paper::Party {
                name: both(&self.customer.names),
                address: self.customer.address.as_ref().map(|address| Names::new(address, address)),
            },
            contract: self.given.contract.as_ref().map(|text| text.as_str().to_owned()),
            product: paper::Product {
                name: both(&self.lot.material_names),
                formula: self.lot.formula.clone(),
                grade: self.version.grade.clone(),
            },
            specification: paper::Specification {
                code: self.version.code.clone(),
                edition: self.version.edition.clone(),
                title: Some(both(&self.version.names)),
                judgement: judgement(self.version),
            },
            lot: self.lot(),
            sampling: self.sampling(),
            items: self.items(),
            disposition: self.disposition.clone(),
            origin: Some(self.origin.clone()),
            signatures: self.signatures(),
            remarks: self.remarks(),
            verification: self.verification(),
            ledger_origin: self.ledger.to_owned(),
            synthetic: self.given.synthetic.0,
        }
    }

    /// Whose results these are, where they are not the lot's own, and what was said besides.
    fn remarks(&self) -> Vec<Names> {
        let split = self.whole.map(|Lot { code, .. }| {
            Names::new(
                format!(
                    "Split from lot {code}, released with it; the samples and results are those of {code}."
                ),
                format!("自批次 {code} 分出，随其放行；所列样品与结果为批次 {code} 的样品与结果。"),
            )
        });
        let converted = figures::moistures(&self.release.lines);
        split.into_iter().chain(converted).chain(self.given.remark.iter().map(both)).collect()
    }

    fn day(&self, at: Instant) -> String {
        at.timestamp().to_zoned(self.institute.time_zone.zone()).date().to_string()
    }

    fn lot(&self) -> paper::Lot {
        let lot = self.lot;
        let text = |value: Decimal| value.normalize().to_string();
        let gross = self.given.gross_kg.map(text);
        paper::Lot {
            code: lot.code.clone(),
            node: lot.id.to_string(),
            produced_on: lot.produced_on.clone().unwrap_or_else(|| "—".to_owned()),
            packages: self.given.packages.map(|count| Packages {
                count: count.0,
                kind: self.given.package_kind.as_ref().map_or_else(|| Names::new("packages", "件"), both),
            }),
            gross_kg: gross,
            net_kg: text(self.masses.net),
            net_basis: basis(Basis::AsReceived).unwrap_or_default(),
            moisture_percent: lot.moisture_percent.map(text),
            dry_kg: self.masses.dry.map(text),
        }
    }

    /// The samples truly tested, and no others.
    fn sampling(&self) -> Option<Sampling> {
        let tested: Vec<&Sample> = self
            .samples
            .iter()
            .filter(|sample| self.printed().any(|result| result.sample == sample.id))
            .collect();
        let first = tested.first()?;
        let plan = self
            .given
            .sampling_plan
            .as_ref()
            .map(both)
            .or_else(|| first.plan.as_ref().map(|plan| Names::new(plan, plan)));
        Some(Sampling {
            plan: plan.unwrap_or_else(|| Names::new("not stated", "未说明")),
            sampled_on: self.day(first.taken_at),
            samples: tested.iter().map(|sample| sample.code.clone()).collect(),
        })
    }

    /// The results that stand behind the printed figures.
    fn printed(&self) -> impl Iterator<Item = &Measured> {
        self.release.lines.iter().flat_map(|line| &line.results).filter_map(|id| self.results.get(id))
    }

    fn items(&self) -> Vec<Item> {
        let lines = self.release.lines.iter().enumerate().filter(|(_, line)| !line.figure.is_empty());
        lines.filter_map(|(at, line)| self.item(at, line)).collect()
    }

    fn item(&self, at: usize, line: &Line) -> Option<Item> {
        let results: Vec<&Measured> = line.results.iter().filter_map(|id| self.results.get(id)).collect();
        let first = results.first()?;
        let mut marks: Vec<Mark> = results
            .iter()
            .flat_map(|result| {
                [
                    result.hand_typed.then_some(Mark::HandTyped),
                    result.changed.then_some(Mark::ChangedSinceEntry),
                    result.from_outside.then_some(Mark::FromCustomer),
                ]
            })
            .flatten()
            .collect();
        marks.sort();
        marks.dedup();
        marks.extend(line.estimated.then_some(Mark::Estimated));
        marks.extend((!line.substituted.is_empty()).then_some(Mark::Substituted));
        let limits = line.reported.as_ref();
        Some(Item {
            node: figures::node(self.id, at, line),
            analyte: analytes::name(&line.analyte),
            limit: line.limit.clone(),
            result: Reported {
                qualifier: if line.between { paper::Qualifier::Between } else { qualifier(line.qualifier) },
                text: line.figure.clone(),
            },
            unit: if line.unit == measure::Unit::One {
                "—".to_owned()
            } else {
                line.unit.symbol().to_owned()
            },
            basis: basis(line.basis),
            method: Method {
                code: first.method_code.clone(),
                edition: first.method_edition.clone(),
                technique: Some(both(&first.method_names)),
            },
            reporting_limit: limits.map(|limits| limits.reporting.clone()),
            detection_limit: limits.and_then(|limits| limits.detection.clone()),
            reporting_rule: limits.map(|limits| reporting_rule(limits.rule)),
            interval: figures::interval(line),
            substitution: figures::substitution(line),
            sample: figures::sample(line, self.results),
            samples: figures::samples(self.id, at, line, self.results),
            uncertainty: line.uncertainty.clone(),
            verdict: match line.verdict {
                None => Verdict::NotJudged,
                Some(measure::Verdict::Pass) => Verdict::Pass,
                Some(measure::Verdict::Fail) => Verdict::Fail,
                Some(measure::Verdict::Undecidable) => Verdict::Undecidable,
            },
            marks,
        })
    }

    /// By meaning, in the order of the paper; a person who signed several results under one authorisation
    /// stands there once, with the last instant.
    fn signatures(&self) -> Vec<Signature> {
        let mut signed: Vec<(paper::Meaning, &Signed)> = Vec::new();
        for result in self.printed() {
            signed.extend(result.tested.as_ref().map(|signed| (paper::Meaning::Tested, signed)));
            signed.extend(result.reviewed.as_ref().map(|signed| (paper::Meaning::Checked, signed)));
            signed.extend(result.released.as_ref().map(|signed| (paper::Meaning::Approved, signed)));
        }
        signed.extend(self.signers.iter().map(|(meaning, signed)| (*meaning, signed)));
        let mut all: BTreeMap<(paper::Meaning, PersonId, u64), &Signed> = BTreeMap::new();
        for (meaning, signed) in signed {
            let under = signed.under.as_ref().map_or(0, |cited| cited.authorisation.number());
            let slot = all.entry((meaning, signed.person, under)).or_insert(signed);
            if slot.at < signed.at {
                *slot = signed;
            }
        }
        let day = |at: Instant| self.day(at);
        all.into_iter()
            .map(|((meaning, person, _), signed)| Signature {
                meaning,
                name: self.names.get(&person).map_or_else(Names::default, both),
                at: whole_second(signed.at),
                authorisation: signed
                    .under
                    .as_ref()
                    .map_or_else(String::new, |c| c.authorisation.to_string()),
                authorised: signed.under.as_ref().map_or_else(String::new, |c: &Cited| {
                    format!("{} – {}", day(c.valid_from), day(c.valid_until))
                }),
            })
            .collect()
    }

    /// Twelve characters of Crockford's base 32, from the hash of what is known only once the certificate is
    /// issued.
    fn verification(&self) -> VerificationCode {
        const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let seed = format!("{}|{}|{}|{}", self.ledger, self.id, self.at, self.release.disposition);
        let hash = store::sha256(seed.as_bytes());
        let digits: Vec<u8> = hash.bytes().collect();
        let letter = |pair: &[u8]| {
            let value =
                pair.iter().fold(0, |sum, digit| sum * 16 + (*digit as char).to_digit(16).unwrap_or(0));
            ALPHABET[(value % 32) as usize] as char
        };
        let letters: String = digits.chunks(2).take(12).map(letter).collect();
        let code = format!("{}-{}-{}", &letters[..4], &letters[4..8], &letters[8..12]);
        let site =
            self.institute.origin_url.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned());
        VerificationCode { url: format!("{}/check/{code}", site.unwrap_or_default()), code }
    }
}

pub(super) fn both(names: &kernel::Names) -> Names {
    Names::new(&names.en, &names.zh)
}

pub(super) fn whole_second(at: Instant) -> String {
    Instant::from_micros(at.micros().div_euclid(1_000_000) * 1_000_000).timestamp().to_string()
}

fn basis(basis: Basis) -> Option<Names> {
    match basis {
        Basis::Dry => Some(Names::new("dry", "干基")),
        Basis::AsReceived => Some(Names::new("as received", "收到基")),
        Basis::Calcined => Some(Names::new("calcined", "灼烧基")),
        Basis::NotStated => None,
    }
}

fn qualifier(qualifier: measure::Qualifier) -> paper::Qualifier {
    use measure::Qualifier as Q;
    match qualifier {
        Q::Value => paper::Qualifier::Value,
        Q::Below => paper::Qualifier::Below,
        Q::Above => paper::Qualifier::Above,
        Q::NotDetected => paper::Qualifier::NotDetected,
        Q::InsufficientSample => paper::Qualifier::InsufficientSample,
        Q::ListedNotReceived => paper::Qualifier::ListedNotReceived,
        Q::NotAnalysed | Q::Invalid | Q::Missing => paper::Qualifier::NotAnalysed,
    }
}

fn reporting_rule(rule: measure::ReportingRule) -> paper::ReportingRule {
    match rule {
        measure::ReportingRule::BelowLoq => paper::ReportingRule::BelowLoq,
        measure::ReportingRule::NdBelowLod => paper::ReportingRule::NdBelowLod,
        measure::ReportingRule::Estimated => paper::ReportingRule::Estimated,
    }
}

/// How the edition compares results with its limits, in words.
fn judgement(version: &Version) -> Names {
    let rounded = |comparison| version.items.iter().any(|item| item.comparison == comparison);
    let (en, zh) = match (rounded(Comparison::FullValue), rounded(Comparison::RoundedValue)) {
        (true, true) => {
            ("full or rounded value by item, GB/T 8170", "按项目采用全数值或修约值比较法，GB/T 8170")
        }
        (false, true) => ("rounded value compared with the limit, GB/T 8170", "修约值比较法，GB/T 8170"),
        _ => ("full value compared with the limit, GB/T 8170", "全数值比较法，GB/T 8170"),
    };
    let guarded = version.items.iter().any(|item| item.guard_band.is_some());
    let (rule_en, rule_zh) = if guarded {
        ("guard band where stated (ISO/IEC 17025 7.8.6)", "按规定设保护带（ISO/IEC 17025 7.8.6）")
    } else {
        ("simple acceptance (ISO/IEC 17025 7.8.6)", "简单接受（ISO/IEC 17025 7.8.6）")
    };
    Names::new(format!("{en}; {rule_en}"), format!("{zh}；{rule_zh}"))
}
