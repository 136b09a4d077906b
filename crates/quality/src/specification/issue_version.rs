//! Issue an edition of a specification.

use std::collections::BTreeSet;

use kernel::{
    Code, Edge, EdgeRole, Instant, MaterialId, PartyId, Ref, Role, SpecificationId, SpecificationVersionId,
};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows::{self, Head, Version};
use super::rules::SpecificationRefused;
use super::{Item, RepeatRule, SampleRule};
use crate::given::YesNo;
use crate::view_rows;

/// Issue an edition of a specification, for everybody or for one customer. It never changes afterwards.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueSpecificationVersion {
    /// Of which specification.
    pub specification: SpecificationId,
    /// The edition's name: `2023`, `BH-3`.
    pub edition: Code,
    /// From when it is in force.
    pub in_force_from: Instant,
    /// Until when, exclusive; left out, until further notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_force_until: Option<Instant>,
    /// The customer whose edition it is; left out, it is for everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<PartyId>,
    /// What it demands, one line for each analyte.
    pub items: Vec<Item>,
    /// What several samples of a lot come to, where an item does not say: `mean`, `worst`, `each` or
    /// `by_increment`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub samples: Option<SampleRule>,
    /// What several results of one sample come to, where an item does not say: `mean` or `worst`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats: Option<RepeatRule>,
    /// Whether a lot goes only upon a metal balance that is final and closes within its uncertainty.
    #[serde(default, skip_serializing_if = "is_no")]
    pub requires_balance: YesNo,
}

fn is_no(answer: &YesNo) -> bool {
    !answer.0
}

impl Command for IssueSpecificationVersion {
    const NAME: &'static str = "specification.issue_version";
    const ROLES: &'static [Role] = &[Role::QualityManager];
    const EXAMPLE: &'static str = r#"{"specification":"specification-5","edition":"2023",
        "in_force_from":"2026-01-01T00:00:00Z","items":[
        {"analyte":"Mn","lower":"32.0","unit":"%","basis":"dry","places":2,"comparison":"rounded_value"},
        {"analyte":"Cd","upper":"0.0005","unit":"%","basis":"dry"}]}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let Some(head) = rows::head(db, self.specification)? else {
            return Err(SpecificationRefused::NoSuch(self.specification.into()).into());
        };
        if let Some(party) = self.party
            && view_rows::party(db, party)?.is_none()
        {
            return Err(SpecificationRefused::NoSuch(party.into()).into());
        }
        let taken = rows::edition_taken(db, self.specification, self.edition.as_str())?;
        let id = SpecificationVersionId::next(cx.numbers);
        Ok(Facts::one(decide(&head, taken, self, id)?))
    }
}

impl IssueSpecificationVersion {
    /// An item with the rules of the edition where it has none of its own.
    fn completed(&self, item: &Item) -> Item {
        let limited = item.lower.is_some() || item.upper.is_some();
        let ours = self.samples.filter(|rule| limited || *rule != SampleRule::Worst);
        let again = self.repeats.filter(|rule| limited || *rule != RepeatRule::Worst);
        let (samples, repeats) = (item.samples.or(ours), item.repeats.or(again));
        Item { samples, repeats, ..item.clone() }
    }
}

fn decide(
    head: &Head,
    taken: bool,
    command: &IssueSpecificationVersion,
    id: SpecificationVersionId,
) -> Result<SpecificationVersionIssued, SpecificationRefused> {
    if taken {
        return Err(SpecificationRefused::EditionTaken(command.edition.to_string()));
    }
    if command.items.is_empty() {
        return Err(SpecificationRefused::NoItems);
    }
    let mut seen = BTreeSet::new();
    for item in &command.items {
        let analyte = item.analyte.to_string();
        let checked = command.completed(item).check();
        checked.map_err(|why| SpecificationRefused::Item { analyte: analyte.clone(), why: why.into() })?;
        if !seen.insert(analyte.clone()) {
            return Err(SpecificationRefused::ItemTwice(analyte));
        }
    }
    if command.in_force_until.is_some_and(|until| until <= command.in_force_from) {
        return Err(SpecificationRefused::EndsBeforeItBegins);
    }
    Ok(SpecificationVersionIssued {
        version: Version {
            id,
            specification: head.id,
            code: head.code.clone(),
            names: head.names.clone(),
            grade: head.grade.clone(),
            edition: command.edition.to_string(),
            material: head.material,
            party: command.party,
            in_force_from: command.in_force_from,
            in_force_until: command.in_force_until,
            items: command.items.iter().map(|item| command.completed(item)).collect(),
            requires_balance: command.requires_balance.0,
        },
    })
}

/// An edition was issued.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SpecificationVersionIssued {
    /// It.
    pub version: Version,
}

impl Fact for SpecificationVersionIssued {
    const KIND: &'static str = "specification.version_issued";

    fn subjects(&self) -> Vec<Ref> {
        let version = &self.version;
        let party = version.party.map(Ref::from);
        [Some(version.id.into()), Some(version.specification.into()), party].into_iter().flatten().collect()
    }

    fn edges(&self) -> Vec<Edge> {
        vec![Edge::new(self.version.specification, self.version.id, EdgeRole::Part)]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::put_version(db, &self.version, applied.at, applied.person)?;
        let version = &self.version;
        let label = version.label();
        let words = format!("{label} {} {} {}", version.names.en, version.names.zh, version.grade);
        store::index(db, version.id.into(), &label, &words)
    }

    fn samples() -> Vec<Self> {
        let Ok(command) =
            serde_json::from_str::<IssueSpecificationVersion>(IssueSpecificationVersion::EXAMPLE)
        else {
            return Vec::new();
        };
        let head = Head {
            id: SpecificationId(5),
            code: "HG/T 4823".into(),
            names: kernel::Names { en: "Manganese sulphate".into(), zh: "硫酸锰".into() },
            material: MaterialId(1),
            grade: "MSM-B1".into(),
        };
        decide(&head, false, &command, SpecificationVersionId(6)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use kernel::Refuse;

    use super::*;

    #[test]
    fn editions_are_refused_in_order_of_precedence() {
        let head = SpecificationVersionIssued::samples().remove(0).version;
        let head = Head {
            id: head.specification,
            code: head.code,
            names: head.names,
            material: head.material,
            grade: head.grade,
        };
        let item = r#"{"analyte":"Cd","upper":"1","unit":"%","basis":"dry"}"#;
        let empty = r#"{"analyte":"Cd","lower":"2","upper":"1","unit":"%","basis":"dry"}"#;
        let table = [
            (true, String::new(), "", "specification-edition-taken"),
            (false, String::new(), "", "specification-no-items"),
            (false, empty.to_owned(), "", "specification-item"),
            (false, format!("{item},{item}"), "", "specification-item-twice"),
            (false, item.to_owned(), r#","in_force_until":"2026-01-01T00:00:00Z""#, "specification-interval"),
            (false, item.to_owned(), r#","in_force_until":"2026-01-02T00:00:00Z""#, "issued"),
        ];
        for (taken, items, more, expected) in table {
            let json = format!(
                r#"{{"specification":"specification-5","edition":"1","in_force_from":"2026-01-01T00:00:00Z",
                "items":[{items}]{more}}}"#
            );
            let command: IssueSpecificationVersion = serde_json::from_str(&json).unwrap();
            let found = decide(&head, taken, &command, SpecificationVersionId(6));
            let code = found.map_or_else(|refused| refused.refusal().code, |_| "issued".to_owned());
            assert_eq!(code, expected, "{json}");
        }
    }
}
