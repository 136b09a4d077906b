//! Registering a request.

use kernel::{Code, Day, Edge, EdgeRole, MethodId, PartyId, Ref, RequestId, Role, SampleId};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::{NoRequest, rows};
use crate::{method, result};

/// A sample and the method it is to be tested by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestItem {
    /// The sample.
    pub sample: SampleId,
    /// The method.
    pub method: MethodId,
    /// One analyte of the method; all of them unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub analyte: Option<String>,
}

/// Register a request: samples to be tested.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterRequest {
    /// What people call it.
    pub code: Code,
    /// Who asks.
    pub party: Option<PartyId>,
    /// By when.
    pub due: Option<Day>,
    /// What was said beside it.
    pub note: Option<String>,
    /// What is wanted.
    pub items: Vec<RequestItem>,
}

impl Command for RegisterRequest {
    const NAME: &'static str = "request.register";
    const ROLES: &'static [Role] =
        &[Role::Receiver, Role::LaboratoryHead, Role::Analyst, Role::QualityManager];
    const EXAMPLE: &'static str = r#"{"code": "R-2026-07", "due": "2026-04-01",
        "items": [{"sample": "sample-8", "method": "method-1"}]}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        if rows::by_code(db, self.code.as_str())?.is_some() {
            return Err(NoRequest::CodeTaken(self.code.to_string()).into());
        }
        if self.items.is_empty() {
            return Err(NoRequest::Empty.into());
        }
        for item in &self.items {
            let no_sample = || NoRequest::NoSample(item.sample.to_string());
            result::rows::sample_by_id(db, item.sample)?.ok_or_else(no_sample)?;
            let no_method = || NoRequest::NoMethod(item.method.to_string());
            method::rows::exists(db, item.method)?.ok_or_else(no_method)?;
        }
        Ok(Facts::one(RequestRegistered {
            request: RequestId::next(cx.numbers),
            code: self.code.clone(),
            party: self.party,
            due: self.due,
            note: self.note.clone(),
            items: self.items.clone(),
        }))
    }
}

/// A request was registered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RequestRegistered {
    /// The request.
    pub request: RequestId,
    /// What people call it.
    pub code: Code,
    /// Who asks.
    pub party: Option<PartyId>,
    /// By when.
    pub due: Option<Day>,
    /// What was said beside it.
    pub note: Option<String>,
    /// What is wanted.
    pub items: Vec<RequestItem>,
}

impl Fact for RequestRegistered {
    const KIND: &'static str = "request.registered";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.request.into()]
    }

    fn edges(&self) -> Vec<Edge> {
        let party = self.party.map(|party| Edge::new(party, self.request, EdgeRole::By));
        party.into_iter().collect()
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::insert(db, self, applied)?;
        store::index(db, self.request.into(), self.code.as_str(), self.code.as_str())
    }

    fn samples() -> Vec<Self> {
        vec![RequestRegistered {
            request: RequestId(31),
            code: Code::parse("R-2026-07").expect("a code"),
            party: None,
            due: Some("2026-04-01".parse().expect("a day")),
            note: None,
            items: vec![RequestItem { sample: SampleId(8), method: MethodId(1), analyte: None }],
        }]
    }
}
