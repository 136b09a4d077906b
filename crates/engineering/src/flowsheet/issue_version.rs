//! Issue a version of a flowsheet.

use kernel::{Code, Edge, EdgeRole, FlowsheetId, FlowsheetVersionId, Ref, Role};
use measure::{Decimal, Unit};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows::{self, Head, Version};
use super::rules::{Component, Definition, FlowsheetRefused, LIMIT_SDS, Node, Stream};
use super::statements::{Equation, Limit, Sum, Total};

/// Issue a version of a flowsheet. It never changes afterwards.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueFlowsheetVersion {
    /// Of which flowsheet.
    pub flowsheet: FlowsheetId,
    /// The version's name: `1`, `2026-B`.
    pub edition: Code,
    /// The unit of flows over the period, of dry mass: t, kg.
    #[schema(value_type = String)]
    pub unit: Unit,
    /// What flows from where to where.
    pub streams: Vec<Stream>,
    /// What is followed beside the flow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Component>,
    /// Where streams meet; left out, whatever the streams name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<Node>,
    /// Shares of a stream that add up: solids and water, size classes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sums: Vec<Sum>,
    /// Components that are sums of others: the assay of the whole from those of its size classes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub totals: Vec<Total>,
    /// What is known of a stream whatever is measured: exactly, at least, at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    /// Equations between streams.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub equations: Vec<Equation>,
    /// Adjustments of more standard deviations than this need a second person; 3 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub limit_sds: Option<Decimal>,
    /// So do adjustments of more than this share of the measured value, %; no such limit when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub limit_percent: Option<Decimal>,
}

impl Command for IssueFlowsheetVersion {
    const NAME: &'static str = "flowsheet.issue_version";
    const ROLES: &'static [Role] = &[Role::Metallurgist];
    const EXAMPLE: &'static str = r#"{"flowsheet":"flowsheet-70","edition":"1","unit":"t","streams":[
        {"name":"feed","to":"leach","label_en":"Ore","label_zh":"原矿","target_percent":"1.0"},
        {"name":"liquor","from":"leach","label_en":"Liquor solids","label_zh":"溶解物"},
        {"name":"residue","from":"leach","label_en":"Residue","label_zh":"浸出渣"}],
        "components":[{"name":"Mn","unit":"%"}],
        "nodes":[{"name":"leach","label_en":"Leaching","label_zh":"浸出","closes_on":"residue"}],
        "limit_sds":"3"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let Some(head) = rows::head(db, self.flowsheet)? else {
            return Err(FlowsheetRefused::NoSuch(self.flowsheet.into()).into());
        };
        let taken = rows::edition_taken(db, self.flowsheet, self.edition.as_str())?;
        let id = FlowsheetVersionId::next(cx.numbers);
        Ok(Facts::one(decide(&head, taken, self, id)?))
    }
}

fn decide(
    head: &Head,
    taken: bool,
    command: &IssueFlowsheetVersion,
    id: FlowsheetVersionId,
) -> Result<FlowsheetVersionIssued, FlowsheetRefused> {
    if taken {
        return Err(FlowsheetRefused::EditionTaken(command.edition.to_string()));
    }
    let definition = Definition {
        unit: command.unit,
        nodes: command.nodes.clone(),
        streams: command.streams.clone(),
        components: command.components.clone(),
        sums: command.sums.clone(),
        totals: command.totals.clone(),
        limits: command.limits.clone(),
        equations: command.equations.clone(),
        limit_sds: command.limit_sds.unwrap_or(LIMIT_SDS),
        limit_percent: command.limit_percent,
    }
    .with_all_nodes();
    definition.check()?;
    let edition = command.edition.to_string();
    Ok(FlowsheetVersionIssued { version: Version { id, head: head.clone(), edition, definition } })
}

/// A version of a flowsheet was issued.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FlowsheetVersionIssued {
    /// It.
    pub version: Version,
}

impl Fact for FlowsheetVersionIssued {
    const KIND: &'static str = "flowsheet.version_issued";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.version.id.into(), self.version.head.id.into()]
    }

    fn edges(&self) -> Vec<Edge> {
        vec![Edge::new(self.version.head.id, self.version.id, EdgeRole::Part)]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::put_version(db, &self.version, applied)?;
        let (label, names) = (self.version.label(), &self.version.head.names);
        store::index(db, self.version.id.into(), &label, &format!("{label} {} {}", names.en, names.zh))
    }

    fn samples() -> Vec<Self> {
        let Ok(command) = serde_json::from_str::<IssueFlowsheetVersion>(IssueFlowsheetVersion::EXAMPLE)
        else {
            return Vec::new();
        };
        let head = super::define::FlowsheetDefined::samples().remove(0).flowsheet;
        decide(&head, false, &command, FlowsheetVersionId(71)).into_iter().collect()
    }
}
